using System.Reflection;

namespace AspireGateway.AppHost.Tests;

/// <summary>Types as C# writes them, without namespaces.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(int)] = "int",
    };

    public static string Of(Type type) => Write(type, nullability: null);

    public static string Of(FieldInfo field) => Write(field.FieldType, new NullabilityInfoContext().Create(field));

    public static string Of(PropertyInfo property) =>
        Write(property.PropertyType, new NullabilityInfoContext().Create(property));

    public static string Of(ParameterInfo parameter) =>
        Write(parameter.ParameterType, new NullabilityInfoContext().Create(parameter));

    /// <summary>What the type parameters must be.</summary>
    public static string Constraints(IEnumerable<Type> parameters) =>
        string.Concat(
            parameters
                .Where(static type => type.IsGenericParameter)
                .Select(static type => (type.Name, Rules: string.Join(", ", Rules(type))))
                .Where(static entry => entry.Rules.Length > 0)
                .Select(static entry => $" where {entry.Name} : {entry.Rules}")
        );

    private static IEnumerable<string> Rules(Type parameter)
    {
        var attributes = parameter.GenericParameterAttributes;
        if (attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
        {
            yield return "class";
        }

        foreach (var type in parameter.GetGenericParameterConstraints())
        {
            yield return Of(type);
        }

        if (attributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint))
        {
            yield return "new()";
        }
    }

    private static string Write(Type type, NullabilityInfo? nullability)
    {
        if (type.IsByRef)
        {
            return Write(type.GetElementType()!, nullability: null);
        }

        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return $"{Of(value)}?";
        }

        var mark = !type.IsValueType && !type.IsGenericParameter && IsNullable(nullability) ? "?" : "";
        if (type.IsArray)
        {
            return $"{Write(type.GetElementType()!, nullability?.ElementType)}[]{mark}";
        }

        return Keywords.TryGetValue(type, out var keyword) ? keyword + mark : Write(type, nullability, mark);
    }

    private static string Write(Type type, NullabilityInfo? nullability, string mark)
    {
        var name = type.Name.Split('`')[0];
        if (type is { IsNested: true, IsGenericParameter: false })
        {
            name = $"{Of(type.DeclaringType!)}.{name}";
        }

        var arguments = type.GetGenericArguments();
        if (arguments.Length == 0)
        {
            return name + mark;
        }

        var inner = nullability?.GenericTypeArguments;
        var written = arguments.Select((argument, index) => Write(argument, inner?.ElementAtOrDefault(index)));
        return $"{name}<{string.Join(", ", written)}>{mark}";
    }

    private static bool IsNullable(NullabilityInfo? nullability) => nullability?.ReadState == NullabilityState.Nullable;
}

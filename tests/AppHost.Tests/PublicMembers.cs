using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace AspireGateway.AppHost.Tests;

/// <summary>The public members of a library, each as one line of C# without namespaces.</summary>
internal static class PublicMembers
{
    private const BindingFlags Own =
        BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> Of(IEnumerable<Type> types) =>
        types.SelectMany(static type => Describe(type).Concat(Members(type))).Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> Describe(Type type)
    {
        var name = TypeNames.Of(type);
        yield return $"{Kind(type)} {name}{TypeNames.Constraints(type.GetGenericArguments())}";
        if (type.IsEnum)
        {
            yield break;
        }

        var bases = type.GetInterfaces().AsEnumerable();
        if (type is { BaseType: { } parent, IsValueType: false } && parent != typeof(object))
        {
            bases = bases.Append(parent);
        }

        foreach (var general in bases.Where(static general => general.IsPublic))
        {
            yield return $"{name} : {TypeNames.Of(general)}";
        }
    }

    private static string Kind(Type type) =>
        type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsByRefLike: true } => "ref struct",
            { IsValueType: true } => "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };

    private static IEnumerable<string> Members(Type type) =>
        type.GetMembers(Own)
            .Where(static member => member is not (Type or MethodInfo { IsSpecialName: true }))
            .Where(static member => member is not FieldInfo { IsSpecialName: true })
            .Where(member => !type.IsEnum || member is FieldInfo)
            .Select(Member);

    private static string Member(MemberInfo member)
    {
        var owner = TypeNames.Of(member.DeclaringType!);
        return member switch
        {
            ConstructorInfo constructor => $"new {owner}({Parameters(constructor)})",
            FieldInfo { IsLiteral: true } value =>
                $"{owner}.{value.Name} = {Convert.ToString(value.GetRawConstantValue(), CultureInfo.InvariantCulture)}",
            FieldInfo field => $"{Static(field.IsStatic)}{TypeNames.Of(field)} {owner}.{field.Name}",
            PropertyInfo property =>
                $"{Static(property.GetMethod!.IsStatic)}{TypeNames.Of(property)} {owner}.{property.Name} {Accessors(property)}",
            MethodInfo method => Method(method, owner),
            _ => $"{member.MemberType} {owner}.{member.Name}",
        };
    }

    private static string Method(MethodInfo method, string owner)
    {
        var generics = method.GetGenericArguments();
        var names = generics.Length == 0 ? "" : $"<{string.Join(", ", generics.Select(static type => type.Name))}>";
        var extension = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return $"{Static(method.IsStatic)}{TypeNames.Of(method.ReturnParameter)} {owner}.{method.Name}{names}"
            + $"({extension}{Parameters(method)}){TypeNames.Constraints(generics)}";
    }

    private static string Static(bool isStatic) => isStatic ? "static " : "";

    private static string Accessors(PropertyInfo property)
    {
        if (property.SetMethod is not { IsPublic: true } set)
        {
            return "{ get; }";
        }

        var isInit = set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
        return isInit ? "{ get; init; }" : "{ get; set; }";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var modifier = parameter switch
        {
            { IsOut: true } => "out ",
            { IsIn: true } => "in ",
            _ when parameter.IsDefined(typeof(ParamArrayAttribute)) => "params ",
            _ => "",
        };
        var text = $"{modifier}{TypeNames.Of(parameter)} {parameter.Name}";
        return parameter.HasDefaultValue ? $"{text} = {Default(parameter)}" : text;
    }

    private static string Default(ParameterInfo parameter) =>
        parameter.DefaultValue switch
        {
            null
                when parameter.ParameterType.IsValueType
                    && Nullable.GetUnderlyingType(parameter.ParameterType) is null => "default",
            null => "null",
            bool value => value ? "true" : "false",
            string value => $"\"{value}\"",
            var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
}

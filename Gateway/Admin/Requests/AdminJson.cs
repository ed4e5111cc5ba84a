using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace AspireGateway.Gateway.Admin.Requests;

/// <summary>How the admin API reads and writes JSON. What is empty is not written: it means the same as a member that is not there.</summary>
internal static class AdminJson
{
    public static readonly JsonSerializerOptions Options = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            RespectNullableAnnotations = true,
            AllowDuplicateProperties = false,
            MaxDepth = 48,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { SkipEmpty } },
        };
        options.MakeReadOnly();
        return options;
    }

    private static void SkipEmpty(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            property.ShouldSerialize = static (_, value) => value is not (null or "" or ICollection { Count: 0 });
        }
    }
}

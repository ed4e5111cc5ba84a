using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AspireGateway.TestKit.Issuers;

/// <summary>Makes JWS compact serializations by hand, so that tests can break every rule of them.</summary>
public static class Jws
{
    /// <summary>Signs with RS256, whatever the header says.</summary>
    public static string Sign(JsonObject header, JsonObject payload, RSA key)
    {
        var input = Input(header, payload);
        return input
            + "."
            + Encode(key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    /// <summary>Signs with ES256.</summary>
    public static string Sign(JsonObject header, JsonObject payload, ECDsa key)
    {
        var input = Input(header, payload);
        return input + "." + Encode(key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256));
    }

    /// <summary>Signs with HS256 and the given bytes as the secret.</summary>
    public static string SignHmac(JsonObject header, JsonObject payload, byte[] secret)
    {
        var input = Input(header, payload);
        return input + "." + Encode(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(input)));
    }

    /// <summary>Leaves the signature empty.</summary>
    public static string Unsigned(JsonObject header, JsonObject payload) => Input(header, payload) + ".";

    private static string Input(JsonObject header, JsonObject payload) =>
        Encode(JsonSerializer.SerializeToUtf8Bytes(header))
        + "."
        + Encode(JsonSerializer.SerializeToUtf8Bytes(payload));

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}

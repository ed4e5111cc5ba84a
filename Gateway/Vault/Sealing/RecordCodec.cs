using AspireGateway.Gateway.Vault.Storage;

namespace AspireGateway.Gateway.Vault.Sealing;

/// <summary>What a record's value is bound to.</summary>
internal static class RecordCodec
{
    public static byte[] Binding(RecordRow row) =>
        new BindingWriter("record/v1")
            .Add(row.Kind)
            .Add(row.KeyHash)
            .Add(row.GroupHash, row.GroupHash is null)
            .Add(row.Version)
            .Add(row.ExpiresAt)
            .ToArray();
}

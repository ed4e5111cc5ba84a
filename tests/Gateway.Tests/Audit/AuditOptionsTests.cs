using AspireGateway.Gateway.Audit;
using AspireGateway.Gateway.Audit.Anchors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;

namespace AspireGateway.Gateway.Tests.Audit;

/// <summary>Settings that are refused, and what the refusal says.</summary>
public sealed class AuditOptionsTests
{
    [Theory]
    [InlineData("/var/log/gateway/audit.jsonl", "/var/log/gateway/audit")]
    [InlineData("audit-{process}.jsonl", "audit")]
    public void A_file_is_refused_with_the_folder_to_use(string path, string folder)
    {
        Check(Production(options => options.Path = path))
            .ShouldHaveSingleItem()
            .ShouldContain($"for example '{folder}'");
        Check(Production(options => options.Path = folder)).ShouldBeEmpty();
    }

    [Fact]
    public void Outside_Development_a_key_is_needed_or_a_decision_against_it()
    {
        Check(new AuditOptions()).ShouldHaveSingleItem().ShouldContain("Gateway:Audit:Anchors:KeyFile");
        Check(new AuditOptions { Anchors = { Enabled = false } }).ShouldBeEmpty();
        Check(new AuditOptions(), Environments.Development).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("no key at all")]
    [InlineData("")]
    public void What_is_no_private_key_is_refused(string key) =>
        Check(Production(options => options.Anchors.Key = key)).ShouldHaveSingleItem().ShouldContain("openssl genpkey");

    [Fact]
    public void A_public_key_and_a_key_on_another_curve_are_no_keys_to_sign_with()
    {
        using var key = AnchorKey.TryParse(AnchorKey.NewPem(), needsPrivate: true)!;
        using var other = System.Security.Cryptography.ECDsa.Create(
            System.Security.Cryptography.ECCurve.NamedCurves.nistP384
        );

        AnchorKey.TryParse(key.PublicPem, needsPrivate: true).ShouldBeNull();
        AnchorKey.TryParse(key.PublicPem, needsPrivate: false).ShouldNotBeNull();
        AnchorKey.TryParse(other.ExportPkcs8PrivateKeyPem(), needsPrivate: true).ShouldBeNull();
    }

    [Fact]
    public void Every_mistake_is_named_at_once()
    {
        var errors = Check(
            Production(static options =>
            {
                options.Durability = "ram";
                options.SegmentBytes = 1;
                options.SegmentAge = TimeSpan.Zero;
                options.Retention = TimeSpan.FromHours(1);
                options.Anchors.Records = 0;
                options.Anchors.Interval = TimeSpan.Zero;
                options.Anchors.KeyFile = "also";
            })
        );

        errors.Count.ShouldBe(7);
    }

    [Fact]
    public void Recording_nothing_is_for_Development()
    {
        var off = Production(static options => options.Durability = AuditDurability.Off);

        Check(off).ShouldHaveSingleItem().ShouldContain("Gateway:Audit:Durability");
        Check(off, Environments.Development).ShouldBeEmpty();
    }

    private static AuditOptions Production(Action<AuditOptions> change)
    {
        var options = new AuditOptions { Anchors = { Key = AnchorKey.NewPem() } };
        change(options);
        return options;
    }

    private static List<string> Check(AuditOptions options, string environment = "Production") =>
        [
            .. new AuditOptionsValidator(new HostingEnvironment { EnvironmentName = environment })
                .Validate(name: null, options)
                .Failures
                ?? [],
        ];
}

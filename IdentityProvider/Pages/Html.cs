using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace AspireGateway.IdentityProvider.Pages;

/// <summary>
/// Markup that is safe to send. The only way to make some is an interpolated string, whose holes are encoded unless they
/// are <see cref="Html"/> themselves, so a value can never become markup by an oversight.
/// </summary>
internal sealed class Html
{
    private readonly string _markup;

    private Html(string markup) => _markup = markup;

    public static Html Empty { get; } = new("");

    public static Html Of(Template template) => new(template.Build());

    public override string ToString() => _markup;

    [InterpolatedStringHandler]
    internal readonly struct Template(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _builder = new(literalLength + (formattedCount * 16));

        public void AppendLiteral(string literal) => _builder.Append(literal);

        public void AppendFormatted(string? value) => _builder.Append(HtmlEncoder.Default.Encode(value ?? ""));

        public void AppendFormatted(Html value) => _builder.Append(value._markup);

        public void AppendFormatted(IEnumerable<Html> values)
        {
            foreach (var value in values)
            {
                _builder.Append(value._markup);
            }
        }

        public string Build() => _builder.ToString();
    }
}

using System.Text.Json;
using Microsoft.Playwright;

namespace AspireGateway.Gateway.IntegrationTests.Browsers;

/// <summary>Contrast of all text of a page against what is behind it, as WCAG 2.2 computes it.</summary>
internal static class Contrast
{
    private const string Script = """
        () => {
          const numbers = color => color.match(/[\d.]+/g).map(Number);
          const luminance = color => {
            const [r, g, b] = numbers(color).map(value => {
              const share = value / 255;
              return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
            });
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const behind = element => {
            for (let at = element; at; at = at.parentElement) {
              const color = getComputedStyle(at).backgroundColor;
              const [, , , alpha = 1] = numbers(color);
              if (alpha > 0) return color;
            }
            return 'rgb(255, 255, 255)';
          };
          return [...document.body.querySelectorAll('*')]
            .filter(element => [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
            .map(element => {
              const [one, two] = [luminance(getComputedStyle(element).color), luminance(behind(element))];
              return { text: element.textContent.trim(), ratio: (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05) };
            });
        }
        """;

    /// <summary>Every text with its ratio; at least one.</summary>
    public static async Task<IReadOnlyList<(string Text, double Ratio)>> OfAsync(IPage page)
    {
        var found = (await page.EvaluateAsync<JsonElement>(Script))
            .EnumerateArray()
            .Select(static item => (item.GetProperty("text").GetString()!, item.GetProperty("ratio").GetDouble()))
            .ToList();
        found.ShouldNotBeEmpty();
        return found;
    }
}

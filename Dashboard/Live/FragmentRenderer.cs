using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace AspireGateway.Dashboard.Live;

/// <summary>Renders the components of the pages into strings, so that page and live update have one template.</summary>
internal sealed class FragmentRenderer(IServiceProvider services, ILoggerFactory loggerFactory)
{
    public async Task<string> RenderAsync<TComponent>(string parameter, object? value)
        where TComponent : IComponent
    {
        // A renderer remembers everything it ever rendered; a live view may be open for days, hence one per fragment.
        await using var renderer = new HtmlRenderer(services, loggerFactory);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = ParameterView.FromDictionary(
                new Dictionary<string, object?>(StringComparer.Ordinal) { [parameter] = value }
            );
            return (await renderer.RenderComponentAsync<TComponent>(parameters)).ToHtmlString();
        });
    }
}

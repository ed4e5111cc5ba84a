using AspireGateway.IdentityProvider;
using AspireGateway.ServiceDefaults;
using Microsoft.Extensions.Options;

try
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddServiceDefaults();
    builder.AddIdentityProvider();

    var app = builder.Build();
    app.MapDefaultEndpoints();
    app.MapIdentityProvider();

    await app.RunAsync();
    return 0;
}
catch (OptionsValidationException refused)
{
    return refused.Report();
}

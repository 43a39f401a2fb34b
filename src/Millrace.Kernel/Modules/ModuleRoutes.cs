using Microsoft.AspNetCore.Routing;

namespace Millrace.Kernel.Modules;

/// <summary>The route groups a module maps into. Prefix, authentication, limits, headers and error dialect sit on the group.</summary>
/// <param name="V3"><c>/api/3</c>: compatible with the ActiveCampaign API v3.</param>
/// <param name="App"><c>/api/app</c>: typed, for our own UI, described by OpenAPI.</param>
/// <param name="Public">No prefix and no login: tracking, unsubscribe, forms. Tokens are the only key.</param>
public sealed record ModuleRoutes(RouteGroupBuilder V3, RouteGroupBuilder App, RouteGroupBuilder Public);

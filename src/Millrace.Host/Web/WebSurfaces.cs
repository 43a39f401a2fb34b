using Millrace.Api.Dialect;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Kernel.Workers;

namespace Millrace.Host.Web;

/// <summary>The HTTP surfaces: <c>/api/3</c>, <c>/api/app</c>, the public edge, the UI under <c>/app</c>, health.</summary>
internal static class WebSurfaces
{
    public static void AddWebSurfaces(this WebApplicationBuilder builder)
    {
        builder.AddOpenApiDocuments();
        builder.Services.AddRoutingCore();
        builder.Services.AddProblemDetails();
        builder.Services.AddSingleton<WebUi>();
    }

    public static void UseWebSurfaces(this WebApplication app)
    {
        DialectByPath.Register("/api/3", V3Errors.Dialect);
        app.UseTrustedProxies();
        app.UseMiddleware<SecurityHeaders>();
        app.UseExceptionHandler(new ExceptionHandlerOptions { SuppressDiagnosticsCallback = static _ => true });
        app.UseMiddleware<BareStatus>();
        var isWeb = app.Services.GetRequiredService<ProcessRoles>().Web;
        if (isWeb)
        {
            app.UseApiDocs();
        }

        app.UseRouting();
        app.UseSurfaceAccess();
        app.MapHealth();
        if (isWeb)
        {
            // Some hundred routes, a third of the computing of a start: a worker alone has no use for them.
            app.MapSurfaces();
        }
    }

    private static void MapSurfaces(this WebApplication app)
    {
        var v3 = app.MapGroup("/api/3")
            .WithMetadata(V3Errors.Dialect, app.Services.GetRequiredKeyedService<ISurfaceGate>("v3"), SurfaceHeaders.Json);
        var own = app.MapGroup("/api/app")
            .WithMetadata(ErrorDialect.Problem, app.Services.GetRequiredKeyedService<ISurfaceGate>("app"), SurfaceHeaders.Json)
            .WithMetadata(
                new ProducesResponseTypeMetadata(401, typeof(ProblemBody), ["application/problem+json"]),
                new ProducesResponseTypeMetadata(422, typeof(ProblemBody), ["application/problem+json"]));
        var edge = app.MapGroup(string.Empty);
        app.Services.GetRequiredService<ModuleCatalog>().MapEndpoints(new ModuleRoutes(v3, own, edge));
        app.MapOpenApiDocuments();
        app.Services.GetRequiredService<WebUi>().Map(app);
    }
}

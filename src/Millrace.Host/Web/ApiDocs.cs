namespace Millrace.Host.Web;

/// <summary>
/// <c>/api/docs</c>: both OpenAPI documents to read and to try, with a key of the reader's own. The page and its script come from the package, embedded in
/// this program; nothing is fetched from elsewhere, and its policy holds for these files alone.
/// </summary>
internal static class ApiDocs
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
        + "base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

    public static void UseApiDocs(this WebApplication app)
    {
        app.UseWhen(
            static context => context.Request.Path.StartsWithSegments("/api/docs", StringComparison.OrdinalIgnoreCase)
                && !context.Request.Path.Value!.EndsWith(".json", StringComparison.Ordinal),
            static branch =>
            {
                branch.Use(static (context, next) =>
                {
                    context.Response.Headers.ContentSecurityPolicy = Policy;
                    context.Response.Headers.XFrameOptions = "DENY";
                    return next(context);
                });
                branch.UseSwaggerUI(options =>
                {
                    options.RoutePrefix = "api/docs";
                    options.DocumentTitle = "Millrace API";
                    options.SwaggerEndpoint("/api/docs/v3.json", "API v3");
                    options.SwaggerEndpoint("/api/docs/app.json", "API of the UI");
                    options.DefaultModelsExpandDepth(-1);
                    options.DocExpansion(Swashbuckle.AspNetCore.SwaggerUI.DocExpansion.None);
                    options.EnableFilter();
                });
            });
    }
}

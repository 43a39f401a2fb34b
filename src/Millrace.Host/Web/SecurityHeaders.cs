namespace Millrace.Host.Web;

/// <summary>Headers of a surface, as metadata on its routes. A route of the public edge sets its own policy instead.</summary>
internal sealed record SurfaceHeaders(string ContentSecurityPolicy, bool NoStore)
{
    public static readonly SurfaceHeaders Json = new("default-src 'none'; frame-ancestors 'none'", NoStore: true);
}

/// <summary>Puts the headers that every answer carries, and those of the route's surface, before the answer starts.</summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(static state =>
        {
            var http = (HttpContext)state;
            var headers = http.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers.TryAdd("Referrer-Policy", "strict-origin-when-cross-origin");
            headers.TryAdd("Cross-Origin-Resource-Policy", "same-origin");
            if (http.Request.IsHttps)
            {
                headers.StrictTransportSecurity = "max-age=31536000";
            }

            var surface = http.GetEndpoint()?.Metadata.GetMetadata<SurfaceHeaders>() ?? SurfaceHeaders.Json;
            headers.TryAdd("Content-Security-Policy", surface.ContentSecurityPolicy);
            if (surface.NoStore)
            {
                headers.TryAdd("Cache-Control", "no-store");
            }

            return Task.CompletedTask;
        }, context);
        return next(context);
    }
}

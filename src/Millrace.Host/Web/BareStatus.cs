using Millrace.Kernel.Errors;

namespace Millrace.Host.Web;

/// <summary>Gives answers that have a status but no body (404 for an unknown path, 405) the error shape of the path's surface.</summary>
internal sealed class BareStatus(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        var response = context.Response;
        if (response.HasStarted || response.ContentLength is not null || response.ContentType is not null
            || !context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        switch (response.StatusCode)
        {
            case StatusCodes.Status404NotFound:
                throw new NotFoundException("Nothing is served at this address.");
            case StatusCodes.Status405MethodNotAllowed:
                throw new MethodNotAllowedException();
            case StatusCodes.Status415UnsupportedMediaType:
                throw new UnsupportedMediaException("This media type is not taken here.");
        }
    }

    private sealed class MethodNotAllowedException() : DomainException(405, "method_not_allowed", "This address does not take this method.");
}

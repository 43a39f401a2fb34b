using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Kernel.Errors;

namespace Millrace.Kernel.Security;

/// <summary>How one HTTP surface finds out who is asking. Put on the surface's route group as metadata.</summary>
public interface ISurfaceGate
{
    /// <summary>Fills <see cref="CurrentAccount"/>, or throws 401, 403 or 429.</summary>
    Task AdmitAsync(HttpContext context);

    /// <summary>Checks that hold for anonymous routes of the surface too, such as the origin of the request.</summary>
    void CheckAnonymous(HttpContext context);
}

/// <summary>Before any body is read: lets the surface's gate look at the request, then compares the role with what the route asks for.</summary>
internal sealed class AccessMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<ISurfaceGate>() is { } gate)
        {
            if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            {
                gate.CheckAnonymous(context);
            }
            else
            {
                await gate.AdmitAsync(context);
                var required = endpoint.Metadata.GetMetadata<PermissionRequired>()
                    ?? throw new InvalidOperationException($"{endpoint.DisplayName} declares no permission.");
                if (!context.RequestServices.GetRequiredService<CurrentAccount>().May(required.Permission))
                {
                    throw new ForbiddenException($"You need the permission {required.Permission}.");
                }
            }
        }

        await next(context);
    }
}

public static class AccessRegistration
{
    /// <summary>After routing and the exception handler.</summary>
    public static IApplicationBuilder UseSurfaceAccess(this IApplicationBuilder app) => app.UseMiddleware<AccessMiddleware>();
}

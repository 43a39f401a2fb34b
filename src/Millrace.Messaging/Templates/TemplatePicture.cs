using System.Buffers.Binary;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Millrace.Kernel.Modules;
using Millrace.Messaging.Tracking;

namespace Millrace.Messaging.Templates;

/// <summary>
/// <c>GET /i/library/{name}.png</c>: a picture of the template library as readers of mails load it. Public, for mails show it to anybody. In designs it
/// stands without a host, like the account's own pictures.
/// </summary>
internal sealed class TemplatePicture : IEndpoint
{
    public const string Place = "/i/library/";

    public static void Map(ModuleRoutes routes) =>
        routes.Public.MapMethods("/i/library/{file}", [HttpMethods.Get, HttpMethods.Head], Handle).WithName("template_picture").AllowAnonymous().ExcludeFromDescription();

    /// <summary>Pixels of the picture; null where the address is none of the library's.</summary>
    public static int? Width(string url) => url.StartsWith(Place, StringComparison.Ordinal) && TemplateLibrary.Images.TryGetValue(url[Place.Length..], out var png)
        ? BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16))
        : null;

    private static IResult Handle(string file, HttpContext http)
    {
        if (!TemplateLibrary.Images.TryGetValue(file, out var png))
        {
            return PublicTokens.NotFound(http);
        }

        // A day: a later version of the product may have drawn it better.
        http.Response.Headers.CacheControl = "public, max-age=86400";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        return Results.Bytes(png, "image/png");
    }
}

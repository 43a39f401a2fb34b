using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;

namespace Millrace.Host.Web;

/// <summary>Serves the built UI under <c>/app</c>: hashed files for ever, the start page fresh, with a nonce for its styles.</summary>
internal sealed class WebUi(IConfiguration configuration)
{
    private static readonly FileExtensionContentTypeProvider Types = new();
    private static readonly SurfaceHeaders FileHeaders = new("default-src 'none'", NoStore: false);
    private readonly string? _root = Find(configuration["Millrace:WebRoot"]);

    public void Map(WebApplication app)
    {
        app.MapGet("/", static () => Results.Redirect("/app/")).AllowAnonymous();
        app.MapGet("/app/{**path}", ServeAsync).AllowAnonymous();
        app.MapGet("/favicon.ico", static () => Results.NotFound()).AllowAnonymous();
    }

    private static string? Find(string? configured)
    {
        if (configured is not null)
        {
            return Directory.Exists(configured) ? Path.GetFullPath(configured) : null;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "web", "dist");
            if (File.Exists(Path.Combine(candidate, "index.html")))
            {
                return candidate;
            }
        }

        return null;
    }

    private async Task ServeAsync(HttpContext context)
    {
        var path = context.Request.RouteValues["path"]?.ToString() ?? string.Empty;
        if (_root is null)
        {
            context.Response.ContentType = "text/plain; charset=utf-8";
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync("The web UI has not been built; bin/up builds it. The APIs work without it.", context.RequestAborted);
        }
        else if (FileOf(path) is { } file)
        {
            await SendFileAsync(context, file);
        }
        else if (Path.HasExtension(path) && path.StartsWith("assets/", StringComparison.Ordinal))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        else
        {
            await SendPageAsync(context);
        }
    }

    private string? FileOf(string path)
    {
        if (path.Length == 0 || path == "index.html" || path.Contains("..", StringComparison.Ordinal) || path.Contains('\\', StringComparison.Ordinal))
        {
            return null;
        }

        var file = Path.GetFullPath(Path.Combine(_root!, path));
        return file.StartsWith(_root! + Path.DirectorySeparatorChar, StringComparison.Ordinal) && File.Exists(file) ? file : null;
    }

    private static async Task SendFileAsync(HttpContext context, string file)
    {
        var (request, response) = (context.Request, context.Response);
        response.ContentType = Types.TryGetContentType(file, out var type) ? type : "application/octet-stream";
        response.Headers.ContentSecurityPolicy = FileHeaders.ContentSecurityPolicy;
        response.Headers.CacheControl = file.Contains($"{Path.DirectorySeparatorChar}assets{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            ? "public, max-age=31536000, immutable"
            : "public, max-age=300";
        response.Headers.Vary = "Accept-Encoding";
        var accepted = request.Headers.AcceptEncoding.ToString();
        foreach (var (encoding, extension) in new[] { ("br", ".br"), ("gzip", ".gz") })
        {
            if (accepted.Contains(encoding, StringComparison.OrdinalIgnoreCase) && File.Exists(file + extension))
            {
                response.Headers.ContentEncoding = encoding;
                file += extension;
                break;
            }
        }

        response.ContentLength = new FileInfo(file).Length;
        await response.SendFileAsync(file, context.RequestAborted);
    }

    private async Task SendPageAsync(HttpContext context)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        var scheme = context.Request.Cookies["millrace_color_scheme"] is { } chosen and ("dark" or "light") ? chosen : "auto";
        var html = (await File.ReadAllTextAsync(Path.Combine(_root!, "index.html"), context.RequestAborted))
            .Replace("__CSP_NONCE__", nonce, StringComparison.Ordinal).Replace("__COLOR_SCHEME__", scheme, StringComparison.Ordinal);
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
            + "frame-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; "
            + "require-trusted-types-for 'script'; trusted-types default blocks ProseMirrorClipboard";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()";
        headers.XFrameOptions = "DENY";
        headers.CacheControl = "no-store";
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(html, context.RequestAborted);
    }
}

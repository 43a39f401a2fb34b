using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Millrace.Kernel.Modules;
using Millrace.Messaging.Tracking;

namespace Millrace.Messaging.Images;

/// <summary>
/// <c>GET /i/{account}/{hash}-{width}x{height}[.{wanted}].{format}</c>: a picture as readers of mails load it. Public and for ever the same, so it may be
/// kept by everybody in between; parts and unchanged ones are answered as HTTP has it.
/// </summary>
internal sealed class ShowImage : IEndpoint
{
    public static void Map(ModuleRoutes routes) =>
        routes.Public.MapMethods("/i/{account}/{file}", [HttpMethods.Get, HttpMethods.Head], Handle).WithName("image_show").AllowAnonymous().ExcludeFromDescription();

    private static async Task<IResult> Handle(string account, string file, HttpContext http, RecentImages recent, CancellationToken cancellationToken)
    {
        if (ImageAddress.Parse($"/i/{account}/{file}") is not { } address || await recent.FindAsync(address, cancellationToken) is not { } image)
        {
            return PublicTokens.NotFound(http);
        }

        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        if (!image.IsOurs)
        {
            // In a page or a mail it is shown all the same; opened by itself it is saved.
            headers.ContentDisposition = $"attachment; filename=\"{address.Hash}.{image.Format}\"";
        }

        return Results.Bytes(
            image.Content, image.Format is "jpg" ? "image/jpeg" : $"image/{image.Format}", enableRangeProcessing: true,
            entityTag: new EntityTagHeaderValue($"\"{address.Hash}-{address.Wanted}\""));
    }
}

/// <summary>The pictures of the mails that are being read now, in memory: all readers of a mail ask for the same few.</summary>
internal sealed class RecentImages(ImageStore store)
{
    private const long MaxBytes = 32 << 20;
    private const int MaxEach = 2 << 20;

    private readonly ConcurrentDictionary<string, (byte[] Content, string Format, bool IsOurs)> _kept = new(StringComparer.Ordinal);
    private long _bytes;

    public async Task<(byte[] Content, string Format, bool IsOurs)?> FindAsync(ImageAddress address, CancellationToken cancellationToken)
    {
        var key = address.ToString();
        if (_kept.TryGetValue(key, out var kept))
        {
            return kept;
        }

        if (await store.FindAsync(address, cancellationToken) is not { } found)
        {
            return null;
        }

        if (found.Content.Length <= MaxEach && _kept.TryAdd(key, found) && Interlocked.Add(ref _bytes, found.Content.Length) > MaxBytes)
        {
            _kept.Clear();
            Interlocked.Exchange(ref _bytes, 0);
        }

        return found;
    }
}

using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Messaging.Images;
using Millrace.Messaging.Sanitizing;

namespace Millrace.Messaging.Design.Importing;

/// <summary>
/// <c>POST /api/app/html-import</c>: a mail made elsewhere, as its HTML or as a ZIP of an HTML file with its pictures. Answers cleaned HTML and the same
/// as blocks, as far as they are recognised; the pictures of a ZIP go into the library. Nothing else is stored.
/// </summary>
internal sealed partial class ImportHtml : IEndpoint
{
    private const int MaxZip = 25 << 20;
    private const int MaxEntries = 100;
    private const int MaxUnpacked = 60 << 20;

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapPost("html-import", FromTextAsync).WithName("html_import").RequirePermission(Permission.ManageMessages);
        routes.App.MapPost("html-import/zip", FromZipAsync).WithName("html_import_zip").RequirePermission(Permission.ManageMessages)
            .Accepts<IFormFile>("application/zip", "application/octet-stream");
    }

    /// <param name="Html">At most 512 KB.</param>
    internal sealed record HtmlInput(string Html);

    /// <param name="Html">What is safe to send of it.</param>
    /// <param name="Subject">Of its title; empty when it has none.</param>
    /// <param name="Design">The same as blocks.</param>
    /// <param name="Blocks">How many blocks were recognised.</param>
    /// <param name="Images">How many pictures went into the library.</param>
    /// <param name="Notes">What was left out, in words.</param>
    internal sealed record ImportedHtml(string Html, string Subject, JsonElement Design, int Blocks, int Images, IReadOnlyList<string> Notes);

    [GeneratedRegex(@"(?<before>(?:src|background)\s*=\s*[""']|url\(\s*[""']?)(?<path>(?![a-zA-Z][a-zA-Z0-9+.-]*:|//|#|%|/)[^""')\s>]{1,300})", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 2000)]
    private static partial Regex RelativeAddress();

    private static ImportedHtml FromTextAsync(HtmlInput request) => Read(request.Html, 0, []);

    private static async Task<ImportedHtml> FromZipAsync(HttpRequest request, CurrentAccount account, ImageStore images, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxZip)
        {
            throw new TooLargeException("A ZIP has at most 25 MB.");
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxZip + 1;
        }

        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        using var zip = Open(body);
        if (zip.Entries.Count > MaxEntries)
        {
            throw new TooLargeException($"A ZIP has at most {MaxEntries} files.");
        }

        var page = zip.Entries.Where(e => e.Name.EndsWith(".html", StringComparison.OrdinalIgnoreCase) || e.Name.EndsWith(".htm", StringComparison.OrdinalIgnoreCase))
            .OrderBy(e => e.FullName.Count(c => c == '/')).ThenByDescending(e => e.Name.StartsWith("index", StringComparison.OrdinalIgnoreCase)).FirstOrDefault()
            ?? throw new InvalidInputException("/file", "html_missing", "There is no HTML file in the ZIP.");
        var left = (long)MaxUnpacked;
        var html = Encoding.UTF8.GetString(await UnpackAsync(page, HtmlLimitBytes, cancellationToken));
        var folder = page.FullName[..^page.Name.Length];
        var (places, notes) = (new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase), new List<string>());
        foreach (var path in RelativeAddress().Matches(html).Select(m => m.Groups["path"].Value).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (zip.Entries.FirstOrDefault(e => IsAt(e, folder, path)) is not { } entry)
            {
                notes.Add($"{path} is not in the ZIP.");
                continue;
            }

            var file = await UnpackAsync(entry, (int)Math.Min(ImageStore.MaxBytes, left), cancellationToken);
            left -= file.Length;
            try
            {
                var id = await images.AddAsync(account, file, ImagesResource.Title(entry.Name), null, null, cancellationToken);
                places[path] = await images.AddressAsync(account.Id, id, cancellationToken);
            }
            catch (DomainException e)
            {
                notes.Add($"{path}: {e.Message}");
            }
        }

        var placed = RelativeAddress().Replace(html, m => m.Groups["before"].Value + (places.GetValueOrDefault(m.Groups["path"].Value) ?? m.Groups["path"].Value));
        return Read(placed, places.Count, notes);
    }

    private const int HtmlLimitBytes = 512 * 1024;

    private static ImportedHtml Read(string html, int images, List<string> notes)
    {
        try
        {
            var clean = HtmlSanitizer.CleanDocument(html);
            if (html.Contains("<script", StringComparison.OrdinalIgnoreCase))
            {
                notes.Add("Scripts were left out: no mail reader runs them.");
            }

            var reader = new HtmlBlocks();
            var design = reader.Read(clean);
            using var document = HtmlSanitizer.Parse(clean);
            var blocks = design.Sections.SelectMany(s => s.Columns).Sum(c => c.Blocks.Count);
            var subject = string.Join(' ', (document.Title ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            return new(clean, StorableText.Cut(subject, 200), JsonElement.Parse(DesignJson.Write(design)), blocks, images, notes);
        }
        catch (HtmlRefusedException e)
        {
            throw new InvalidInputException("/html", e.Code, e.Message);
        }
    }

    /// <summary>Names inside are only ever compared, never used as a path.</summary>
    private static bool IsAt(ZipArchiveEntry entry, string folder, string path)
    {
        var wanted = Uri.UnescapeDataString(path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path);
        return entry.FullName.Equals(folder + wanted, StringComparison.OrdinalIgnoreCase);
    }

    private static ZipArchive Open(MemoryStream body)
    {
        try
        {
            var zip = new ZipArchive(body, ZipArchiveMode.Read);

            // The directory is read when it is first asked for, and may be broken too.
            _ = zip.Entries;
            return zip;
        }
        catch (InvalidDataException)
        {
            throw new UnsupportedMediaException("This is no ZIP file.");
        }
    }

    /// <summary>What comes out is counted, not what the file says of itself; a hundredfold is a bomb.</summary>
    private static async Task<byte[]> UnpackAsync(ZipArchiveEntry entry, int most, CancellationToken cancellationToken)
    {
        most = (int)Math.Min(most, Math.Max(entry.CompressedLength, 1) * 100);
        try
        {
            await using var stream = entry.Open();
            var bytes = new byte[most + 1];
            var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
            return read <= most ? bytes[..read] : throw new TooLargeException($"{entry.Name} is too large when it is unpacked.");
        }
        catch (InvalidDataException)
        {
            throw new InvalidInputException("/file", "zip_invalid", "The ZIP is broken.");
        }
    }
}

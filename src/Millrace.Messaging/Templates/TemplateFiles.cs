using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Messaging.Design;
using Millrace.Messaging.Images;
using Millrace.Messaging.Design.Parts;
using Millrace.Messaging.Sanitizing;
using Npgsql;

namespace Millrace.Messaging.Templates;

/// <summary>
/// <c>GET /api/app/templates/file</c> and <c>POST /api/app/templates/import</c>: a template as one file that another account can take in, with its pictures
/// inside. What only means something to the account it comes from (conditions, shared parts by number) does not travel.
/// </summary>
internal sealed partial class TemplateFiles : IEndpoint
{
    /// <summary>Of the whole file.</summary>
    private const long MaxLength = 24 << 20;
    private const int MaxPictures = 60;

    private static readonly JsonSerializerOptions Strict = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
        MaxDepth = 64,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("templates/file", ExportAsync).WithName("template_export").RequirePermission(Permission.ViewMessages).Produces<string>(contentType: "application/json");
        routes.App.MapPost("templates/import", ImportAsync).WithName("template_import").RequirePermission(Permission.ManageMessages)
            .WithMetadata(new RequestSizeLimitAttribute(MaxLength));
    }

    /// <param name="MillraceTemplate">Version of the format: 1.</param>
    /// <param name="Images">The pictures that <paramref name="Design"/> and <paramref name="Html"/> show, by their address in them.</param>
    internal sealed record TemplateFile(
        int MillraceTemplate, string Name, string Description = "", string Subject = "", string Preheader = "", JsonElement? Design = null, string Html = "", string Text = "",
        IReadOnlyList<TemplateFileImage?>? Images = null);

    /// <param name="Src">As the design names it.</param>
    /// <param name="Content">Base64 of a PNG, JPEG, GIF or WebP.</param>
    internal sealed record TemplateFileImage(string Src, string Content);

    [GeneratedRegex(@"/i/(library/[a-z0-9-]{1,60}\.png|[1-9]\d{0,15}/[0-9a-f]{32}-\d{1,5}x\d{1,5}(\.\d{1,4})?\.(png|jpg|gif|webp))", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Picture();

    private static async Task<IResult> ExportAsync(
        string template, CurrentAccount account, NpgsqlDataSource database, ImageStore images, CancellationToken cancellationToken)
    {
        TemplateContents found;
        await using (var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken))
        {
            found = await TemplatesResource.RequireAsync(work, account.Id, template, cancellationToken);
            var whole = await SharedParts.ResolveAsync(work.Transaction, account.Id, found.ToMessage(), cancellationToken);
            found = found with { Design = whole.Design is { } design ? WithoutConditions(design.GetRawText()) : null };
        }

        var pictures = new List<TemplateFileImage>();
        foreach (var src in Picture().Matches(found.Design + found.Html).Select(m => m.Value).Distinct(StringComparer.Ordinal).Take(MaxPictures))
        {
            if (await BytesAsync(account.Id, src, images, cancellationToken) is { } bytes)
            {
                pictures.Add(new(src, Convert.ToBase64String(bytes)));
            }
        }

        var file = new TemplateFile(
            1, found.Name, found.Description, found.Subject, found.Preheader, found.Design is null ? null : JsonElement.Parse(found.Design), found.Html, found.Text, pictures);
        var name = new string([.. found.Name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-')]);
        return Results.File(JsonSerializer.SerializeToUtf8Bytes(file, Strict), "application/json", $"{name}.template.json");
    }

    private static async Task<byte[]?> BytesAsync(long accountId, string src, ImageStore images, CancellationToken cancellationToken)
    {
        if (src.StartsWith(TemplatePicture.Place, StringComparison.Ordinal))
        {
            return TemplateLibrary.Images.GetValueOrDefault(src[TemplatePicture.Place.Length..]);
        }

        return ImageAddress.Parse(src) is { } address && address.AccountId == accountId && await images.FindAsync(address with { Wanted = 0 }, cancellationToken) is { } image
            ? image.Content
            : null;
    }

    /// <summary>Makes a template of the file in the body. Nothing is kept of a file that is refused.</summary>
    private static async Task<Created<TemplatesResource.TemplateView>> ImportAsync(
        HttpRequest request, CurrentAccount account, NpgsqlDataSource database, ImageStore images, IAudit audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        var file = await ReadAsync(request, cancellationToken);
        var input = new TemplatesResource.TemplateInput
        {
            Name = file.Name,
            Description = file.Description,
            Subject = file.Subject,
            Preheader = file.Preheader,
            Html = file.Html,
            Text = file.Text,
        };
        TemplatesResource.Check(input);
        var content = TemplatesResource.Contents(input) with { Design = CheckedDesign(file.Design), Html = CheckedHtml(file.Html) };
        if (content is { Design: null, Html: "", Text: "" })
        {
            throw new InvalidInputException("/design", "required", "The file holds neither a design nor HTML.");
        }

        foreach (var (src, bytes) in Embedded(file, content.Design + content.Html))
        {
            var id = await images.AddAsync(account, bytes, content.Name, alt: null, folderId: null, cancellationToken);
            var place = await images.AddressAsync(account.Id, id, cancellationToken);
            content = content with { Design = content.Design?.Replace(src, place, StringComparison.Ordinal), Html = content.Html.Replace(src, place, StringComparison.Ordinal) };
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var made = await TemplatesResource.InsertAsync(work, account, content, isImported: true, audit, clock, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/app/templates/{made.Id}", made);
    }

    private static async Task<TemplateFile> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxLength)
        {
            throw new TooLargeException("A template file has at most 24 MB.");
        }

        TemplateFile? file;
        try
        {
            file = await JsonSerializer.DeserializeAsync<TemplateFile>(request.Body, Strict, cancellationToken);
        }
        catch (JsonException broken)
        {
            throw new InvalidInputException(broken.Path is { Length: > 1 } path ? path : "", "file_invalid", "This is no template file, or a part of it is not of the expected shape.");
        }

        return file switch
        {
            null => throw new InvalidInputException("", "file_invalid", "This is no template file."),
            { MillraceTemplate: not 1 } => throw new InvalidInputException("/millrace_template", "file_version", "Only version 1 of template files is known here."),
            { Images.Count: > MaxPictures } => throw new InvalidInputException("/images", "too_many", $"A template file has at most {MaxPictures} pictures."),
            _ => file,
        };
    }

    private static string? CheckedDesign(JsonElement? design)
    {
        if (design is not { ValueKind: JsonValueKind.Object } given)
        {
            return null;
        }

        try
        {
            return DesignJson.Write(DesignJson.Read(WithoutConditions(given.GetRawText())));
        }
        catch (DesignInvalidException e)
        {
            throw new InvalidInputException("/design" + e.Path, e.Code, e.Message);
        }
    }

    private static string CheckedHtml(string html)
    {
        try
        {
            return html.Length == 0 ? "" : HtmlSanitizer.CleanDocument(html);
        }
        catch (HtmlRefusedException e)
        {
            throw new InvalidInputException("/html", e.Code, e.Message);
        }
    }

    /// <summary>Pictures that are shown and that this server does not have already, all checked before the first one is kept.</summary>
    private static List<(string Src, byte[] Content)> Embedded(TemplateFile file, string body)
    {
        var given = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (i, entry) in (file.Images ?? []).Index())
        {
            // The reader checks members against null, not the elements of a list.
            var image = entry ?? throw new InvalidInputException($"/images/{i}", "required", "A picture has src and content.");
            var bytes = new byte[(image.Content.Length * 3 / 4) + 3];
            if (!Picture().IsMatch(image.Src) || Picture().Match(image.Src).Value != image.Src)
            {
                throw new InvalidInputException($"/images/{i}/src", "invalid", "Not the address of a picture.");
            }

            if (!Convert.TryFromBase64String(image.Content, bytes, out var length) || ImageHeader.Read(bytes.AsSpan(0, length)) is not { } header)
            {
                throw new InvalidInputException($"/images/{i}/content", "not_a_picture", "Not a PNG, JPEG, GIF or WebP in base64.");
            }

            if (header.Pixels > ImageHeader.MaxPixels || length > ImageStore.MaxBytes)
            {
                throw new InvalidInputException($"/images/{i}/content", "too_large", "A picture has at most 10 MB and 40 megapixels.");
            }

            given[image.Src] = bytes[..length];
        }

        var wanted = Picture().Matches(body).Select(m => m.Value).Distinct(StringComparer.Ordinal).Where(src => TemplatePicture.Width(src) is null).ToList();
        return wanted.Find(src => !given.ContainsKey(src)) is { } missing
            ? throw new InvalidInputException("/images", "picture_missing", $"The file shows {missing} but does not hold it.")
            : wanted.ConvertAll(src => (src, given[src]));
    }

    /// <summary>Conditions speak of the tags, lists and fields of one account.</summary>
    private static string WithoutConditions(string design)
    {
        var document = JsonNode.Parse(design)!;
        Strip(document);
        return document.ToJsonString();

        static void Strip(JsonNode? node)
        {
            switch (node)
            {
                case JsonArray list:
                    foreach (var item in list)
                    {
                        Strip(item);
                    }

                    break;
                case JsonObject json:
                    json.Remove("conditions");
                    foreach (var (_, value) in json)
                    {
                        Strip(value);
                    }

                    break;
                default:
                    break;
            }
        }
    }
}

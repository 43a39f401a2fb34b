using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Images;
using Millrace.Messaging.Design.Parts;
using Millrace.Messaging.Messages;
using Millrace.Messaging.Sending;
using Millrace.Messaging.Tracking;
using Npgsql;

namespace Millrace.Messaging.Templates;

/// <summary>
/// <c>GET /template-previews/{account}/{kind}/{id}/{mark}</c>: a template as a reader would see it, for the frames of the gallery. The mark is signed and
/// made of the template's content and the account's sender: with any change the address is another one, so a frame never shows an old picture.
/// </summary>
internal sealed class TemplatePreviews(KeyRing keys) : IEndpoint
{
    private readonly byte[] _key = keys.Derive("template-previews");

    public static void Map(ModuleRoutes routes) =>
        routes.Public.MapGet("/template-previews/{account:long}/{kind}/{id}/{mark}", Show).WithName("template_preview").AllowAnonymous().ExcludeFromDescription();

    public string Url(AccountSender sender, TemplateAddress address, string version) => $"/template-previews/{sender.AccountId}/{address}/{Mark(sender, address, version)}";

    private string Mark(AccountSender sender, TemplateAddress address, string version) => Convert.ToHexStringLower(
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{sender.AccountId}\n{address}\n{version}\n{sender.Info}")).AsSpan(0, 16));

    /// <param name="look">As of the previews of messages.</param>
    private static async Task<IResult> Show(
        long account, string kind, string id, string mark, HttpContext http, NpgsqlDataSource database, TemplatePreviews previews, TagCatalogues catalogues, CompiledMessages messages, TimeProvider clock,
        CancellationToken cancellationToken, string? look = null)
    {
        if (account <= 0 || TemplateAddress.Parse($"{kind}/{id}") is not { } address)
        {
            return PublicTokens.NotFound(http);
        }

        await using var work = await AccountTransaction.BeginAsync(database, account, cancellationToken);
        if (await CompiledMessages.SenderAsync(work.Transaction, account, cancellationToken) is not { } sender
            || await TemplateContents.FindAsync(work, sender, address, cancellationToken) is not { } template
            || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(mark), Encoding.UTF8.GetBytes(previews.Mark(sender, address, template.Version))))
        {
            return PublicTokens.NotFound(http);
        }

        var html = await RenderAsync(work, sender, template, catalogues, messages, clock.GetUtcNow(), cancellationToken);
        var own = $"{http.Request.Scheme}://{http.Request.Host}";
        PublicPage.Headers(http, PublicPage.Framed.Replace("img-src https: data:", $"img-src https: data: {own}", StringComparison.Ordinal));
        http.Response.Headers.CacheControl = "private, max-age=604800, immutable";
        return Results.Content(PreviewLook.Apply(ImageAddress.WithHost(html, own), look), "text/html; charset=utf-8");
    }

    private static async Task<string> RenderAsync(
        AccountTransaction work, AccountSender sender, TemplateContents template, TagCatalogues catalogues, CompiledMessages messages, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            var content = await SharedParts.ResolveAsync(work.Transaction, sender.AccountId, template.ToMessage(), cancellationToken);
            var tags = await catalogues.LoadAsync(work.Transaction, sender.AccountId, cancellationToken);
            var frozen = MessageFreezer.Compile(content with { Subject = "-" }, tags);
            var version = await messages.FillAsync(
                work.Transaction,
                new(sender.AccountId, 0, 0, frozen.Kind, frozen.Subject, frozen.FromName, frozen.FromAddress, frozen.ReplyTo, frozen.Html, frozen.Text), cancellationToken);
            var message = new CompiledMessage(version, frozen.Links, sender, tags, messages.Shown(frozen.Trees, sender));
            var send = new DueSend(
                sender.AccountId, 0, 0, 2, 0, 0, 0, SendSourceKind.Test, null, null, null, null, SendState.Queued, 0, 0, now, null, null,
                "alex@example.com", "Alex", "Morgan", null, null, null);
            var facts = await Recipients.LoadAsync(work.Transaction, [(sender.AccountId, 0, message)], cancellationToken);
            return message.Html.Render(message.Merge(send, facts, tracking: null, now));
        }
        catch (InvalidInputException)
        {
            // A draft of a template may be anything; its picture is then an empty sheet.
            return "<!doctype html><html lang=\"en\"><title></title><body></body></html>";
        }
    }
}

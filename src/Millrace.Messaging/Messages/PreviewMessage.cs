using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Design;
using Millrace.Messaging.Design.Parts;
using Millrace.Messaging.Images;
using Millrace.Messaging.Sending;
using Millrace.Messaging.Tracking;
using Npgsql;

namespace Millrace.Messaging.Messages;

/// <summary>
/// <c>POST /api/app/messages/preview</c>: the content as one contact would see it (or nobody in particular). The HTML is fetched from the
/// address in the answer, in a sandboxed frame. Also the blocks that the editor offers.
/// </summary>
internal sealed class PreviewMessage : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapPost("messages/preview", PreviewAsync).WithName("message_preview").RequirePermission(Permission.ViewMessages);
        routes.App.MapGet("message-blocks", () => new BlockList(BlockCatalogue.All)).WithName("message_blocks").RequirePermission(Permission.ViewMessages);
        routes.Public.MapGet("/preview/{token}", Show).WithName("preview_html").AllowAnonymous().ExcludeFromDescription();
    }

    /// <param name="ContactId">Whose values are merged; null leaves them to the fallbacks.</param>
    internal sealed record PreviewInput(MessagesResource.MessageInput Message, long? ContactId = null);

    /// <param name="Url">Of the HTML; good for ten minutes.</param>
    internal sealed record Preview(string Subject, string Preheader, string From, string Text, string Url, IReadOnlyList<Warning> Warnings);

    internal sealed record Warning(string Code, string Path, string Message);

    internal sealed record BlockList(IReadOnlyList<BlockDescription> Blocks);

    private sealed record Person(string? Email, string? FirstName, string? LastName, string? Phone, string? IpAddress, string? TimeZone);

    private static async Task<Preview> PreviewAsync(
        PreviewInput request, CurrentAccount account, NpgsqlDataSource database, Previews previews, TagCatalogues catalogues, CompiledMessages messages,
        TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var content = await SharedParts.ResolveAsync(work.Transaction, account.Id, request.Message.ToContent(), cancellationToken);
        var tags = await catalogues.LoadAsync(work.Transaction, account.Id, cancellationToken);
        var frozen = MessageFreezer.Compile(content with { Subject = content.Subject.Trim().Length > 0 ? content.Subject : "(no subject)", TrackOpens = false, TrackClicks = false }, tags);
        var version = new VersionRow(
            account.Id, 0, 0, frozen.Kind, frozen.Subject, frozen.FromName, frozen.FromAddress, frozen.ReplyTo, frozen.Html, frozen.Text);
        version = await messages.FillAsync(work.Transaction, version, cancellationToken);
        var sender = await CompiledMessages.SenderAsync(work.Transaction, account.Id, cancellationToken);
        var message = new CompiledMessage(version, frozen.Links, sender, tags, messages.Shown(frozen.Trees, sender));
        var person = request.ContactId is not { } id ? new Person("reader@example.com", null, null, null, null, null) : await Sql.Of($"""
            select email, first_name, last_name, phone, ip_address, time_zone from contacts.contact where account_id = {account.Id} and id = {id}
            """).FirstAsync<Person>(work, cancellationToken) ?? throw new NotFoundException();
        var send = new DueSend(
            account.Id, 0, 0, 2, request.ContactId ?? 0, 0, 0, SendSourceKind.Test, null, null, null, null, SendState.Queued, 0, 0, clock.GetUtcNow(), null, null,
            person.Email, person.FirstName, person.LastName, person.Phone, person.IpAddress, person.TimeZone);
        var facts = await Recipients.LoadAsync(work.Transaction, [(account.Id, request.ContactId ?? 0, message)], cancellationToken);
        var context = message.Merge(send, facts, tracking: null, clock.GetUtcNow());
        await work.CommitAsync(cancellationToken); // a feed that is shown for the first time is fetched from now on
        var warnings = content.Design is { } design ? DesignRenderer.Render(DesignJson.Read(design.GetRawText())).Warnings : [];
        return new(
            message.Subject.Render(context), request.Message.Preheader, $"{message.FromName.Render(context)} <{message.FromAddress}>",
            message.Text.Render(context), "/preview/" + previews.Keep(message.Html.Render(context)),
            [.. warnings.Select(w => new Warning(w.Code, w.Path, w.Message)), .. message.Html.Warnings.Select(w => new Warning(w.Code, "/html", w.Message))]);
    }

    /// <param name="look">As in a reader that turns colours over (<c>inverted</c>), that follows the mail's own dark colours (<c>dark</c>), or that shows no pictures (<c>plain</c>).</param>
    private static IResult Show(string token, HttpContext http, Previews previews, string? look = null)
    {
        if (previews.Find(token) is not { } html)
        {
            return PublicTokens.NotFound(http);
        }

        // Pictures of the library come from here, whether the frame counts as of this origin or not.
        var own = $"{http.Request.Scheme}://{http.Request.Host}";
        var policy = PublicPage.Framed.Replace("img-src https: data:", look is "plain" ? "img-src 'none'" : $"img-src https: data: {own}", StringComparison.Ordinal);
        PublicPage.Headers(http, policy);
        return Results.Content(PreviewLook.Apply(ImageAddress.WithHost(html, own), look), "text/html; charset=utf-8");
    }
}

/// <summary>
/// Rendered previews, for ten minutes, behind unguessable tokens. In memory: a preview lost with its process is made again by a keystroke.
/// </summary>
internal sealed class Previews(TimeProvider clock)
{
    private const int MaxKept = 200;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, (string Html, long At)> _kept = new(StringComparer.Ordinal);

    public string Keep(string html)
    {
        if (_kept.Count >= MaxKept)
        {
            foreach (var old in _kept.OrderBy(k => k.Value.At).Take(MaxKept / 2))
            {
                _kept.TryRemove(old.Key, out _);
            }
        }

        var token = RandomToken.New(32);
        _kept[token] = (html, clock.GetTimestamp());
        return token;
    }

    public string? Find(string token) => _kept.TryGetValue(token, out var kept) && clock.GetElapsedTime(kept.At) < Life ? kept.Html : null;
}

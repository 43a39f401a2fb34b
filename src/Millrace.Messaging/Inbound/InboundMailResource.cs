using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Mail.Mime;
using Millrace.Messaging.Links;
using Millrace.Messaging.Tracking;
using Npgsql;

namespace Millrace.Messaging.Inbound;

/// <summary><c>/api/app/inbound-mail</c>: bounces, complaints and replies that came in, newest first; also those that could not be matched to a mail of ours.</summary>
internal sealed class InboundMailResource : IEndpoint
{
    private const int MaxLimit = 200;
    private static readonly string[] Kinds = ["new", "bounce", "delay", "receipt", "complaint", "reply", "auto_reply", "unmatched", "failed"];

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("inbound-mail", ListAsync).WithName("inbound_mail_list").RequirePermission(Permission.ViewMessages);
        routes.App.MapGet("inbound-mail/{id:long}", ShowAsync).WithName("inbound_mail_show").RequirePermission(Permission.ViewMessages);
        routes.App.MapGet("inbound-mail/{id:long}/html", HtmlAsync).WithName("inbound_mail_html").RequirePermission(Permission.ViewMessages);
        routes.App.MapGet("inbound-mail/{id:long}/source", SourceAsync).WithName("inbound_mail_source").RequirePermission(Permission.ViewMessages);
        routes.App.MapGet("inbound-setup", SetupAsync).WithName("inbound_setup").RequirePermission(Permission.ViewMessages);
    }

    /// <param name="Kind"><c>bounce</c>, <c>delay</c>, <c>receipt</c>, <c>complaint</c>, <c>reply</c>, <c>auto_reply</c>; <c>unmatched</c>: it names no mail of ours and changed nothing; <c>new</c>: not worked on yet; <c>failed</c>.</param>
    /// <param name="Sender">Who wrote it; empty before it has been worked on.</param>
    /// <param name="Recipient">Address of ours it came to.</param>
    /// <param name="Reason">Class of a bounce, type of a complaint, or why nothing followed.</param>
    /// <param name="ForwardState">Of a reply: <c>queued</c>, <c>handed_over</c>, <c>sent</c> or <c>failed</c>; null: it does not go on.</param>
    internal sealed record InboundItem(
        long Id, string Kind, string Sender, string Recipient, string Subject, string? Reason, string Detail, long? SendId, long? ContactId, string? ContactEmail, long? MessageId,
        string? ForwardTo, string? ForwardState, int Size, DateTimeOffset ReceivedAt);

    /// <param name="Next">Pass as <c>before</c> for the next page; null on the last.</param>
    internal sealed record InboundList(IReadOnlyList<InboundItem> Mails, long? Next);

    internal sealed record InboundHeader(string Name, string Value);

    /// <param name="Size">Bytes.</param>
    internal sealed record InboundAttachment(string Name, string Type, int Size);

    /// <param name="Text">At most 64 KB.</param>
    /// <param name="HasHtml">Its HTML is at <c>html</c> below this address, for a sandboxed frame. Attachments are only in the source.</param>
    internal sealed record InboundView(
        InboundItem Mail, string? Text, bool HasHtml, IReadOnlyList<InboundHeader> Headers, IReadOnlyList<InboundAttachment> Attachments, string? ForwardReply);

    /// <param name="IsOn">Whether this server takes mail.</param>
    /// <param name="Host">The name it comes in under; null: none, so replies cannot be tracked without a return path of one's own.</param>
    /// <param name="FeedbackAddresses">To be given to mail providers' feedback loops: complaints that come there are believed.</param>
    internal sealed record InboundSetup(bool IsOn, string? Host, IReadOnlyList<string> FeedbackAddresses);

    private sealed record Raw(byte[] Bytes, string? ForwardReply);

    private static async Task<InboundList> ListAsync(
        CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken, string? kind = null, string? search = null, long? contact = null,
        long? send = null, long? before = null, int limit = 50)
    {
        if (limit is < 1 or > MaxLimit)
        {
            throw new InvalidInputException("limit", "validation_failed", $"A page has 1 to {MaxLimit} mails.");
        }

        if (kind is not null && !Kinds.Contains(kind, StringComparer.Ordinal))
        {
            throw new InvalidInputException("kind", "validation_failed", "There is no such kind.");
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var rows = await Sql.Of($"""
            {Items}
            where m.account_id = {account.Id} and ({before} is null or m.id < {before}) and ({kind} is null or m.kind = {kind})
              and ({contact} is null or m.contact_id = {contact}) and ({send} is null or m.send_id = {send})
              and ({search} is null or strpos(lower(m.subject), lower({search})) > 0 or strpos(lower(m.sender), lower({search})) > 0 or strpos(lower(m.recipient), lower({search})) > 0
                   or strpos(lower(coalesce(c.email, '')), lower({search})) > 0)
            order by m.id desc limit {limit + 1}
            """).ListAsync<InboundItem>(work, cancellationToken);
        return new([.. rows.Take(limit)], rows.Count > limit ? rows[limit - 1].Id : null);
    }

    private static async Task<InboundView> ShowAsync(long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var item = await Sql.Of($"{Items} where m.account_id = {account.Id} and m.id = {id}").FirstAsync<InboundItem>(work, cancellationToken) ?? throw new NotFoundException();
        var raw = await FindAsync(work, account.Id, id, cancellationToken);
        var mail = MimeParser.Parse(raw.Bytes, MimeLimits.Bounce);
        var text = mail.TextBody;
        return new(
            item, text is null ? null : Shown(text, 65_536), mail.HtmlBody is not null,
            [.. mail.Root.Headers.Take(100).Select(h => new InboundHeader(Shown(h.Name, 100), Shown(HeaderDecoder.Decode(h.Value), 2_000)))],
            [.. mail.Attachments.Take(50).Select(a => new InboundAttachment(OutsideText.Clean(a.FileName ?? "", 200), a.MediaType, a.RawBody.Length))], raw.ForwardReply);
    }

    private static async Task<IResult> HtmlAsync(long id, HttpContext http, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var mail = MimeParser.Parse((await FindAsync(work, account.Id, id, cancellationToken)).Bytes, MimeLimits.Bounce);

        // Nothing is loaded from outside: a picture would tell a stranger that, and where, the mail is read.
        PublicPage.Headers(http, PublicPage.Sealed);
        return Results.Content(mail.HtmlBody ?? throw new NotFoundException(), "text/html; charset=utf-8");
    }

    private static async Task<IResult> SourceAsync(long id, HttpContext http, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var raw = await FindAsync(work, account.Id, id, cancellationToken);
        PublicPage.Headers(http, PublicPage.Sealed);
        return Results.Text(Encoding.Latin1.GetString(raw.Bytes), "text/plain; charset=utf-8");
    }

    private static async Task<InboundSetup> SetupAsync(
        CurrentAccount account, NpgsqlDataSource database, InboundRecipients recipients, InboundListener listener, TokenKeys keys, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var paths = await Sql.Of($"""
            select return_path from messaging.sender_domain where account_id = {account.Id} and return_path is not null and return_path_ok order by return_path
            """).ListAsync<string>(work, cancellationToken);
        var hosts = recipients.Host is { } host && paths.Count == 0 ? [host] : paths;
        return new(listener.Port is not null || recipients.Host is not null, recipients.Host, [.. hosts.Select(h => TokenAddress.Write(TokenPurpose.Feedback, h, account.Id, 0, keys))]);
    }

    private static async Task<Raw> FindAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken) => await Sql.Of($"""
        select raw, forward_reply from messaging.inbound_mail where account_id = {accountId} and id = {id}
        """).FirstAsync<Raw>(work, cancellationToken) ?? throw new NotFoundException();

    private static string Shown(string text, int length) =>
        string.Concat((text.Length > length ? text[..length] : text).Where(c => c is '\n' or '\t' || !char.IsControl(c)));

    private static readonly Sql Items = Sql.Of($"""
        select m.id, m.kind, m.sender, m.recipient, m.subject, m.reason, m.detail, m.send_id, m.contact_id, c.email, m.message_id, m.forward_to, m.forward_state,
               length(m.raw), m.received_at
        from messaging.inbound_mail m left join contacts.contact c on c.account_id = m.account_id and c.id = m.contact_id
        """);
}

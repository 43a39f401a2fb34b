using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Mail.Dkim;
using Millrace.Mail.Mime;
using Millrace.Messaging.Tracking;
using Npgsql;

namespace Millrace.Messaging.Catcher;

/// <summary><c>/api/app/caught-mail</c>: what the built-in catcher took, newest first; each as HTML, text, headers and source.</summary>
internal sealed class CaughtMailResource : IEndpoint
{
    private const int MaxLimit = 200;

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("caught-mail", ListAsync).WithName("caught_mail_list").RequirePermission(Permission.ViewCaughtMail);
        routes.App.MapGet("caught-mail/{id:long}", ShowAsync).WithName("caught_mail_show").RequirePermission(Permission.ViewCaughtMail);
        routes.App.MapGet("caught-mail/{id:long}/html", HtmlAsync).WithName("caught_mail_html").RequirePermission(Permission.ViewCaughtMail);
        routes.App.MapGet("caught-mail/{id:long}/source", SourceAsync).WithName("caught_mail_source").RequirePermission(Permission.ViewCaughtMail);
        routes.App.MapDelete("caught-mail", ClearAsync).WithName("caught_mail_clear").RequirePermission(Permission.ManageSending);
    }

    internal sealed record CaughtMailItem(long Id, long SendId, string From, string To, string Subject, int Size, DateTimeOffset CaughtAt);

    /// <param name="Next">Pass as <c>before</c> for the next page; null on the last.</param>
    internal sealed record CaughtMailList(IReadOnlyList<CaughtMailItem> Mails, long? Next);

    internal sealed record Header(string Name, string Value);

    /// <param name="Status"><c>pass</c>, <c>fail</c> ... as a receiver would find it with the record the account has been given; <c>none</c>: not signed.</param>
    internal sealed record DkimCheck(string Status, string Domain, string Selector, string Reason);

    /// <param name="HasHtml">Its HTML is at <c>html</c> below this address, for a sandboxed frame.</param>
    internal sealed record CaughtMailView(
        long Id, long SendId, string From, string To, string Subject, string MessageId, string? Text, bool HasHtml, IReadOnlyList<Header> Headers,
        IReadOnlyList<DkimCheck> Dkim, DateTimeOffset CaughtAt);

    private sealed record Row(long Id, long SendId, string From, string To, string Subject, byte[] Raw, DateTimeOffset CaughtAt);

    private sealed record Key(string Name, string Record);

    private static async Task<CaughtMailList> ListAsync(
        CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken, string? search = null, long? before = null, int limit = 50)
    {
        if (limit is < 1 or > MaxLimit)
        {
            throw new InvalidInputException("limit", "validation_failed", $"A page has 1 to {MaxLimit} mails.");
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var rows = await Sql.Of($"""
            select id, send_id, mail_from, rcpt_to, subject, length(raw), caught_at from messaging.caught_mail
            where account_id = {account.Id} and ({before} is null or id < {before})
              and ({search} is null or strpos(lower(subject), lower({search})) > 0 or strpos(lower(rcpt_to), lower({search})) > 0)
            order by id desc limit {limit + 1}
            """).ListAsync<CaughtMailItem>(work, cancellationToken);
        return new([.. rows.Take(limit)], rows.Count > limit ? rows[limit - 1].Id : null);
    }

    private static async Task<CaughtMailView> ShowAsync(long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await FindAsync(work, account.Id, id, cancellationToken);
        var mail = MimeParser.Parse(row.Raw);
        var keys = (await Sql.Of($"""
            select selector || '._domainkey.' || domain, public_record from messaging.sender_domain where account_id = {account.Id}
            """).ListAsync<Key>(work, cancellationToken)).ToDictionary(k => k.Name, k => k.Record, StringComparer.OrdinalIgnoreCase);
        var dkim = await DkimVerifier.VerifyAsync(row.Raw, (name, _) => ValueTask.FromResult(keys.GetValueOrDefault(name)), cancellationToken);
        return new(
            row.Id, row.SendId, mail.From, mail.To, mail.Subject, mail.MessageId ?? "", mail.TextBody, mail.HtmlBody is not null,
            [.. mail.Root.Headers.Select(h => new Header(h.Name, HeaderDecoder.Decode(h.Value)))],
            [.. dkim.Select(d => new DkimCheck(EnumNames<DkimStatus>.NameOf(d.Status), d.Domain, d.Selector, d.Reason))], row.CaughtAt);
    }

    private static async Task<IResult> HtmlAsync(
        long id, HttpContext http, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var mail = MimeParser.Parse((await FindAsync(work, account.Id, id, cancellationToken)).Raw);

        // Opening the preview is no open: nothing outside is loaded but pictures, and our own pixel is not one of them.
        PublicPage.Headers(http, PublicPage.Framed);
        return Results.Content(mail.HtmlBody ?? throw new NotFoundException(), "text/html; charset=utf-8");
    }

    private static async Task<IResult> SourceAsync(long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await FindAsync(work, account.Id, id, cancellationToken);
        return Results.Text(Encoding.Latin1.GetString(row.Raw), "text/plain; charset=utf-8");
    }

    private static async Task<NoContent> ClearAsync(CurrentAccount account, NpgsqlDataSource database, IAudit audit, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await Sql.Of($"delete from messaging.caught_mail where account_id = {account.Id}").ExecuteAsync(work, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "caught_mail.clear", "caught_mail", null, null, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Row> FindAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken) => await Sql.Of($"""
        select id, send_id, mail_from, rcpt_to, subject, raw, caught_at from messaging.caught_mail where account_id = {accountId} and id = {id}
        """).FirstAsync<Row>(work, cancellationToken) ?? throw new NotFoundException();
}

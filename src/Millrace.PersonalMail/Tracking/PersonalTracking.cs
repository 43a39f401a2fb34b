using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Millrace.Messaging.Contracts;
using Millrace.PersonalMail.Contracts;
using Millrace.PersonalMail.Sending;
using Npgsql;

namespace Millrace.PersonalMail.Tracking;

/// <summary>
/// <c>/m/o/</c>, <c>/m/c/</c>, <c>/m/f/</c>: opens, clicks and downloads of 1:1 e-mails. What a machine does is neither counted nor told: nobody else's reports hang on it.
/// The contact's stream has the first open, and every click and download.
/// </summary>
internal sealed class PersonalTracking : IEndpoint
{
    private const string Nothing = "default-src 'none'; sandbox";
    private static readonly TimeSpan TooSoon = TimeSpan.FromSeconds(2);
    private static readonly byte[] Gif = Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==");

    public static void Map(ModuleRoutes routes)
    {
        string[] methods = [HttpMethods.Get, HttpMethods.Head];
        routes.Public.MapMethods("/m/o/{token}", methods, OpenAsync).WithName("personal_open").AllowAnonymous().ExcludeFromDescription();
        routes.Public.MapMethods("/m/c/{token}", methods, FollowAsync).WithName("personal_click").AllowAnonymous().ExcludeFromDescription();
        routes.Public.MapMethods("/m/f/{token}", methods, FetchAsync).WithName("personal_file").AllowAnonymous().ExcludeFromDescription();
    }

    private sealed record Seen(long ContactId, string Subject, DateTimeOffset? OpenedAt, DateTimeOffset? FinishedAt, int Clicks);

    private sealed record File(string Name, string ContentType, byte[] Content);

    private static async Task<IResult> OpenAsync(
        string token, HttpContext http, PersonalKeys keys, NpgsqlDataSource database, IActivityLog activities, IPersonalMailCounts counts, ISightings sightings, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (HttpMethods.IsGet(http.Request.Method) && PersonalToken.TryRead(token, PersonalTokenKind.Open, keys.Key, out var open))
        {
            var (now, machine) = (clock.GetUtcNow(), MachineOf(sightings.Of(http.Request, fromMail: true)));
            await using var work = await AccountTransaction.BeginAsync(database, open.AccountId, cancellationToken);
            if (machine is null && await LockAsync(work, open, cancellationToken) is { } mail && now >= mail.FinishedAt + TooSoon)
            {
                await CountOpenAsync(work, activities, open, mail, now, cancellationToken);
                await counts.AddAsync(
                    work.Transaction, open.AccountId, open.MailId, [(PersonalMailEvent.Opened, mail.OpenedAt is null ? 1 : 0), (PersonalMailEvent.Opens, 1)], now, cancellationToken);
                await work.CommitAsync(cancellationToken);
                activities.Wake();
            }
        }

        Headers(http);
        http.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        return Results.Bytes(Gif, "image/gif");
    }

    private static async Task<IResult> FollowAsync(
        string token, HttpContext http, PersonalKeys keys, NpgsqlDataSource database, IActivityLog activities, IPersonalMailCounts counts, ISightings sightings, IMailHtml html, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        Headers(http);
        if (!PersonalToken.TryRead(token, PersonalTokenKind.Link, keys.Key, out var click))
        {
            return NotFound();
        }

        var (now, machine) = (clock.GetUtcNow(), MachineOf(sightings.Of(http.Request, fromMail: false)));
        await using var work = await AccountTransaction.BeginAsync(database, click.AccountId, cancellationToken);
        var url = await Sql.Of($"select url from personal.mail_link where account_id = {click.AccountId} and mail_id = {click.MailId} and no = {click.No}")
            .FirstAsync<string>(work, cancellationToken);
        if (url is null || !html.MayFollow(url))
        {
            return NotFound();
        }

        if (HttpMethods.IsGet(http.Request.Method) && machine is null && await LockAsync(work, click, cancellationToken) is { } mail && now >= mail.FinishedAt + TooSoon)
        {
            if (mail.OpenedAt is null)
            {
                await CountOpenAsync(work, activities, click, mail, now, cancellationToken);
            }

            await Sql.Of($"update personal.mail set clicks = clicks + 1 where account_id = {click.AccountId} and id = {click.MailId}").ExecuteAsync(work, cancellationToken);
            await Sql.Of($"update personal.mail_link set clicks = clicks + 1 where account_id = {click.AccountId} and mail_id = {click.MailId} and no = {click.No}")
                .ExecuteAsync(work, cancellationToken);
            var first = mail.OpenedAt is null ? 1 : 0;
            await counts.AddAsync(
                work.Transaction, click.AccountId, click.MailId,
                [
                    (PersonalMailEvent.Opened, first), (PersonalMailEvent.Opens, first), (PersonalMailEvent.Clicked, mail.Clicks == 0 ? 1 : 0), (PersonalMailEvent.Clicks, 1),
                ],
                now, cancellationToken);
            await TellAsync(work, activities, click, new PersonalClicked(mail.ContactId, click.MailId, mail.Subject, url), now, cancellationToken);
        }

        return Results.Redirect(url);
    }

    private static async Task<IResult> FetchAsync(
        string token, HttpContext http, PersonalKeys keys, NpgsqlDataSource database, IActivityLog activities, ISightings sightings, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        Headers(http);
        if (!PersonalToken.TryRead(token, PersonalTokenKind.File, keys.Key, out var wanted))
        {
            return NotFound();
        }

        var (now, machine) = (clock.GetUtcNow(), MachineOf(sightings.Of(http.Request, fromMail: false)));
        await using var work = await AccountTransaction.BeginAsync(database, wanted.AccountId, cancellationToken);
        var file = await Sql.Of($"""
            select a.name, a.content_type, f.content from personal.mail_file a
            join personal.mail m on m.account_id = a.account_id and m.id = a.mail_id and m.state <> 'draft' and m.files_as_links
            join personal.file f on f.account_id = a.account_id and f.id = a.file_id
            where a.account_id = {wanted.AccountId} and a.mail_id = {wanted.MailId} and a.no = {wanted.No}
            """).FirstAsync<File>(work, cancellationToken);
        if (file is null)
        {
            return NotFound();
        }

        if (HttpMethods.IsGet(http.Request.Method) && machine is null && await LockAsync(work, wanted, cancellationToken) is { } mail)
        {
            await Sql.Of($"update personal.mail_file set downloads = downloads + 1 where account_id = {wanted.AccountId} and mail_id = {wanted.MailId} and no = {wanted.No}")
                .ExecuteAsync(work, cancellationToken);
            await TellAsync(work, activities, wanted, new PersonalFileDownloaded(mail.ContactId, wanted.MailId, mail.Subject, file.Name), now, cancellationToken);
        }

        // Always saved, never shown: what a stranger sees under our name is ours.
        return Results.File(file.Content, file.ContentType, file.Name);
    }

    /// <summary>One at a time for each mail: of two looks at once only one is the first.</summary>
    private static Task<Seen?> LockAsync(AccountTransaction work, PersonalToken token, CancellationToken cancellationToken) => Sql.Of($"""
        select contact_id, subject, opened_at, finished_at, clicks from personal.mail where account_id = {token.AccountId} and id = {token.MailId} and state in ('queued', 'sent') for update
        """).FirstAsync<Seen>(work, cancellationToken);

    private static async Task CountOpenAsync(
        AccountTransaction work, IActivityLog activities, PersonalToken token, Seen mail, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await Sql.Of($"""
            update personal.mail set opens = opens + 1, opened_at = coalesce(opened_at, {now}) where account_id = {token.AccountId} and id = {token.MailId}
            """).ExecuteAsync(work, cancellationToken);
        if (mail.OpenedAt is null && await IsThereAsync(work, token, mail.ContactId, cancellationToken))
        {
            await activities.AppendAsync(
                work.Transaction, token.AccountId, [new DatedActivity(new PersonalOpened(mail.ContactId, token.MailId, mail.Subject), now)], cancellationToken);
        }
    }

    private static async Task TellAsync(
        AccountTransaction work, IActivityLog activities, PersonalToken token, IActivity activity, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await IsThereAsync(work, token, activity.ContactId, cancellationToken))
        {
            await activities.AppendAsync(work.Transaction, token.AccountId, [new DatedActivity(activity, now)], cancellationToken);
        }

        await work.CommitAsync(cancellationToken);
        activities.Wake();
    }

    /// <summary>Nothing is told of contacts that were deleted meanwhile.</summary>
    private static Task<bool> IsThereAsync(AccountTransaction work, PersonalToken token, long contactId, CancellationToken cancellationToken) =>
        Sql.Of($"select exists (select 1 from contacts.contact where account_id = {token.AccountId} and id = {contactId})").FirstAsync<bool>(work, cancellationToken);

    /// <summary>A mailbox's proxy fetches in place of its reader, who is a person.</summary>
    private static string? MachineOf(Sighting sighting) => sighting.Agent.Machine is Agent.Proxy ? null : sighting.Agent.Machine;

    private static void Headers(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Nothing;
        headers.CacheControl = "no-store";
        headers["X-Robots-Tag"] = "noindex";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XContentTypeOptions = "nosniff";
    }

    private static IResult NotFound() => Results.Text("This link is not complete, or what it led to is gone.", statusCode: StatusCodes.Status404NotFound);
}

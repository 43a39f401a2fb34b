using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Messaging.Sending;
using Npgsql;

namespace Millrace.Messaging.Transactional.Servers;

/// <summary>
/// <c>/api/app/mail-servers</c>: isolated spaces for transactional mail, their tokens (<c>/api/app/mail-tokens</c>) and streams (<c>/api/app/mail-streams</c>).
/// </summary>
internal sealed class MailServersResource : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("mail-servers", ListAsync).WithName("mail_server_list").RequirePermission(Permission.ViewMessages);
        routes.App.MapPost("mail-servers", CreateAsync).WithName("mail_server_create").RequirePermission(Permission.ManageSending);
        routes.App.MapGet("mail-servers/{id:long}", ShowAsync).WithName("mail_server_show").RequirePermission(Permission.ViewMessages);
        routes.App.MapPut("mail-servers/{id:long}", SaveAsync).WithName("mail_server_save").RequirePermission(Permission.ManageSending);
        routes.App.MapDelete("mail-servers/{id:long}", DeleteAsync).WithName("mail_server_delete").RequirePermission(Permission.ManageSending);
        routes.App.MapPost("mail-servers/{id:long}/tokens", AddTokenAsync).WithName("mail_token_create").RequirePermission(Permission.ManageSending);
        routes.App.MapDelete("mail-tokens/{id:long}", RevokeAsync).WithName("mail_token_revoke").RequirePermission(Permission.ManageSending);
        routes.App.MapPost("mail-servers/{id:long}/streams", AddStreamAsync).WithName("mail_stream_create").RequirePermission(Permission.ManageSending);
        routes.App.MapPut("mail-streams/{id:long}", SaveStreamAsync).WithName("mail_stream_save").RequirePermission(Permission.ManageSending);
    }

    internal sealed record ServerInput
    {
        /// <summary>1 to 200 characters, unique in the account.</summary>
        public required string Name { get; init; }

        public string Color { get; init; } = "blue";

        /// <summary>What holds for mails that do not say.</summary>
        public bool TrackOpens { get; init; }

        public LinkTracking TrackLinks { get; init; }

        public ServerDraft Draft() => new(Name, Color, TrackOpens, TrackLinks);
    }

    /// <param name="Sent">Recipients of the last 30 days; so the others.</param>
    internal sealed record ServerItem(
        long Id, string Name, string Color, bool TrackOpens, LinkTracking TrackLinks, DateTimeOffset CreatedAt, int Tokens, long Sent, long Delivered, long Bounced, long Opened);

    /// <param name="Address">Where Postmark's clients are pointed to.</param>
    /// <param name="Host">Host at whose root the same is served; null: none.</param>
    internal sealed record ServerList(IReadOnlyList<ServerItem> Servers, string Address, string? Host, int KeepContentDays);

    /// <param name="Prefix">The token's first characters.</param>
    internal sealed record TokenItem(long Id, string Name, string Prefix, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

    /// <param name="Suppressed">Addresses to which it sends nothing more.</param>
    internal sealed record StreamItem(
        long Id, string Key, string Name, string Description, StreamKind Kind, UnsubscribeHandling Unsubscribe, DateTimeOffset? ArchivedAt, long Suppressed, long Sent);

    internal sealed record ServerView(
        long Id, string Name, string Color, bool TrackOpens, LinkTracking TrackLinks, DateTimeOffset CreatedAt, IReadOnlyList<TokenItem> Tokens, IReadOnlyList<StreamItem> Streams,
        string Address, string? Host);

    internal sealed record TokenInput(string Name);

    /// <param name="Token">Shown here and nowhere else.</param>
    internal sealed record NewToken(long Id, string Name, string Token);

    internal sealed record StreamInput(string Key, string Name, string Description, StreamKind Kind, UnsubscribeHandling? Unsubscribe = null);

    /// <param name="Archived">Nothing is sent through an archived stream.</param>
    internal sealed record StreamChange(string Name, string Description, UnsubscribeHandling Unsubscribe, bool Archived);

    private sealed record Row(long Id, string Name, string Color, bool TrackOpens, LinkTracking TrackLinks, DateTimeOffset CreatedAt);

    private static async Task<ServerList> ListAsync(
        CurrentAccount account, NpgsqlDataSource database, PublicAddress address, IOptions<TransactionalOptions> options, TimeProvider clock, CancellationToken cancellationToken)
    {
        var since = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(-29);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var rows = await Sql.Of($"""
            select v.id, v.name, v.color, v.track_opens, v.track_links, v.created_at,
                   (select count(*) from messaging.mail_token t where t.account_id = v.account_id and t.server_id = v.id and t.revoked_at is null)::integer,
                   coalesce(n.sent, 0), coalesce(n.delivered, 0), coalesce(n.bounced, 0), coalesce(n.opened, 0)
            from messaging.mail_server v
            left join lateral (
                select sum(c.total) filter (where c.what = 'sent')::bigint as sent, sum(c.total) filter (where c.what = 'delivered')::bigint as delivered,
                       sum(c.total) filter (where c.what = 'bounced')::bigint as bounced, sum(c.total) filter (where c.what = 'opened_first')::bigint as opened
                from messaging.mail_stream s join messaging.mail_count c on c.account_id = s.account_id and c.stream_id = s.id and c.day >= {since}
                where s.account_id = v.account_id and s.server_id = v.id) n on true
            where v.account_id = {account.Id} and v.archived_at is null order by v.id
            """).ListAsync<ServerItem>(work, cancellationToken);
        return new(rows, Address(address), Host(options.Value), options.Value.KeepContentDays);
    }

    private static async Task<ServerView> ShowAsync(
        long id, CurrentAccount account, NpgsqlDataSource database, PublicAddress address, IOptions<TransactionalOptions> options, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return await ViewAsync(work, account.Id, id, address, options.Value, cancellationToken);
    }

    private static async Task<Created<ServerView>> CreateAsync(
        ServerInput request, CurrentAccount account, NpgsqlDataSource database, MailServers servers, IAudit audit, PublicAddress address, IOptions<TransactionalOptions> options,
        CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var id = await servers.AddAsync(work, account.Id, request.Draft() with { Name = request.Name.Trim() }, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "mail_server.create", "mail_server", id, new { request.Name }, cancellationToken);
        var view = await ViewAsync(work, account.Id, id, address, options.Value, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/app/mail-servers/{id}", view);
    }

    private static async Task<ServerView> SaveAsync(
        long id, ServerInput request, CurrentAccount account, NpgsqlDataSource database, MailServers servers, IAudit audit, PublicAddress address,
        IOptions<TransactionalOptions> options, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await RequireAsync(work, account.Id, id, cancellationToken);
        await servers.SaveAsync(work, account.Id, id, request.Draft() with { Name = request.Name.Trim() }, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "mail_server.save", "mail_server", id, new { request.Name }, cancellationToken);
        var view = await ViewAsync(work, account.Id, id, address, options.Value, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return view;
    }

    /// <summary>Its tokens open nothing any more; what it sent stays counted.</summary>
    private static async Task<NoContent> DeleteAsync(
        long id, CurrentAccount account, NpgsqlDataSource database, MailServers servers, IAudit audit, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await RequireAsync(work, account.Id, id, cancellationToken);
        await servers.ArchiveAsync(work, account.Id, id, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "mail_server.delete", "mail_server", id, null, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Created<NewToken>> AddTokenAsync(
        long id, TokenInput request, CurrentAccount account, NpgsqlDataSource database, MailServers servers, IAudit audit, CancellationToken cancellationToken)
    {
        var name = request.Name.Trim();
        if (name.Length is 0 or > 100)
        {
            throw new InvalidInputException("/name", "length", "A token's name has 1 to 100 characters.");
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await RequireAsync(work, account.Id, id, cancellationToken);
        var (tokenId, token) = await servers.AddTokenAsync(work, account.Id, id, name, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "mail_token.create", "mail_token", tokenId, new { name }, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/app/mail-tokens/{tokenId}", new NewToken(tokenId, name, token));
    }

    private static async Task<NoContent> RevokeAsync(
        long id, CurrentAccount account, NpgsqlDataSource database, MailServers servers, IAudit audit, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        if (!await servers.RevokeAsync(work, account.Id, id, cancellationToken))
        {
            throw new NotFoundException();
        }

        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "mail_token.revoke", "mail_token", id, null, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Created<StreamView>> AddStreamAsync(
        long id, StreamInput request, CurrentAccount account, NpgsqlDataSource database, IAudit audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await RequireAsync(work, account.Id, id, cancellationToken);
        var made = await MailStreams.AddAsync(
            work, account.Id, id, request.Key, request.Name.Trim(), request.Description, request.Kind, request.Unsubscribe, clock.GetUtcNow(), cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "mail_stream.create", "mail_stream", made.Id, new { made.Key }, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/app/mail-streams/{made.Id}", made);
    }

    private static async Task<StreamView> SaveStreamAsync(
        long id, StreamChange request, CurrentAccount account, NpgsqlDataSource database, IAudit audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var now = clock.GetUtcNow();
        var stream = await MailStreams.FindAsync(work, account.Id, id, cancellationToken) ?? throw new NotFoundException();
        stream = await MailStreams.SaveAsync(work, account.Id, stream, request.Name.Trim(), request.Description, request.Unsubscribe, now, cancellationToken);
        if (request.Archived != stream.ArchivedAt is not null)
        {
            stream = await MailStreams.ArchiveAsync(work, account.Id, stream, request.Archived, now, cancellationToken);
        }

        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "mail_stream.save", "mail_stream", id, new { stream.Key, request.Archived }, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return stream;
    }

    /// <exception cref="NotFoundException">The account has no such server.</exception>
    public static async Task RequireAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken)
    {
        if (!await Sql.Of($"select exists (select 1 from messaging.mail_server where account_id = {accountId} and id = {id} and archived_at is null)").FirstAsync<bool>(work, cancellationToken))
        {
            throw new NotFoundException();
        }
    }

    private static async Task<ServerView> ViewAsync(
        AccountTransaction work, long accountId, long id, PublicAddress address, TransactionalOptions options, CancellationToken cancellationToken)
    {
        var row = await Sql.Of($"""
            select id, name, color, track_opens, track_links, created_at from messaging.mail_server where account_id = {accountId} and id = {id} and archived_at is null
            """).FirstAsync<Row>(work, cancellationToken) ?? throw new NotFoundException();
        var tokens = await Sql.Of($"""
            select id, name, prefix, created_at, last_used_at from messaging.mail_token where account_id = {accountId} and server_id = {id} and revoked_at is null order by id
            """).ListAsync<TokenItem>(work, cancellationToken);
        var streams = await Sql.Of($"""
            select s.id, s.key, s.name, s.description, s.kind, s.unsubscribe, s.archived_at,
                   (select count(*) from messaging.stream_suppression x where x.account_id = s.account_id and x.stream_id = s.id),
                   (select coalesce(sum(c.total), 0)::bigint from messaging.mail_count c where c.account_id = s.account_id and c.stream_id = s.id and c.what = 'sent')
            from messaging.mail_stream s where s.account_id = {accountId} and s.server_id = {id} order by s.archived_at is not null, s.id
            """).ListAsync<StreamItem>(work, cancellationToken);
        return new(row.Id, row.Name, row.Color, row.TrackOpens, row.TrackLinks, row.CreatedAt, tokens, streams, Address(address), Host(options));
    }

    private static string Address(PublicAddress address) => address.Url + "/postmark";

    private static string? Host(TransactionalOptions options) => string.IsNullOrEmpty(options.Host) ? null : options.Host;
}

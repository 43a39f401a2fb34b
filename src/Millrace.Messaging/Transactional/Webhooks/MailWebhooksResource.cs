using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Mail.Addresses;
using Millrace.Messaging.Transactional.Events;
using Millrace.Messaging.Transactional.Servers;
using Npgsql;

namespace Millrace.Messaging.Transactional.Webhooks;

/// <summary>
/// <c>/api/app/mail-servers/{id}/webhooks</c>, <c>/api/app/mail-webhooks/{id}</c>: who is called when something happens to a stream's mails;
/// <c>/api/app/mail-streams/{id}/suppressions</c>: to whom a stream sends nothing.
/// </summary>
internal sealed class MailWebhooksResource : IEndpoint
{
    private const int MaxLimit = 200;

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("mail-servers/{id:long}/webhooks", ListAsync).WithName("mail_webhook_list").RequirePermission(Permission.ViewMessages);
        routes.App.MapPost("mail-servers/{id:long}/webhooks", CreateAsync).WithName("mail_webhook_create").RequirePermission(Permission.ManageSending);
        routes.App.MapPut("mail-webhooks/{id:long}", SaveAsync).WithName("mail_webhook_save").RequirePermission(Permission.ManageSending);
        routes.App.MapDelete("mail-webhooks/{id:long}", DeleteAsync).WithName("mail_webhook_delete").RequirePermission(Permission.ManageSending);
        routes.App.MapGet("mail-streams/{id:long}/suppressions", SuppressionsAsync).WithName("stream_suppression_list").RequirePermission(Permission.ViewMessages);
        routes.App.MapPost("mail-streams/{id:long}/suppressions", SuppressAsync).WithName("stream_suppression_add").RequirePermission(Permission.ManageSending);
        routes.App.MapPost("mail-streams/{id:long}/suppressions/lift", LiftAsync).WithName("stream_suppression_lift").RequirePermission(Permission.ManageSending);
    }

    internal sealed record WebhookInput
    {
        /// <summary>Key of the stream; not read when it is changed.</summary>
        public string Stream { get; init; } = "outbound";

        public required string Url { get; init; }

        /// <summary>Of <c>delivered bounced complained opened clicked unsubscribed inbound</c>.</summary>
        public required IReadOnlyList<string> Wants { get; init; }

        /// <summary>Only the first open of each recipient.</summary>
        public bool FirstOpen { get; init; }

        public string? UserName { get; init; }

        /// <summary>Null keeps the one that is there, as long as <see cref="Url"/> leads to the same host: 422 <c>required</c> otherwise.</summary>
        public string? Password { get; init; }
    }

    internal sealed record WebhookItem(long Id, string Stream, string Url, IReadOnlyList<string> Wants, bool FirstOpen, string? UserName, bool HasPassword, DateTimeOffset UpdatedAt);

    internal sealed record WebhookList(IReadOnlyList<WebhookItem> Webhooks);

    /// <param name="Next">Address to go on after; null at the end.</param>
    internal sealed record SuppressionList(IReadOnlyList<SuppressedAddress> Suppressions, string? Next);

    internal sealed record AddressInput(string Address);

    private static async Task<WebhookList> ListAsync(long id, CurrentAccount account, NpgsqlDataSource database, MailWebhooks webhooks, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await MailServersResource.RequireAsync(work, account.Id, id, cancellationToken);
        var rows = await Sql.Of($"{MailWebhooks.Select} where w.account_id = {account.Id} and w.server_id = {id} order by w.id").ListAsync<WebhookRow>(work, cancellationToken);
        return new([.. rows.Select(r => Item(r, webhooks.Open(account.Id, r.Secret)))]);
    }

    private static async Task<Created<WebhookItem>> CreateAsync(
        long id, WebhookInput request, CurrentAccount account, NpgsqlDataSource database, MailWebhooks webhooks, WebhookBook book, IAudit audit, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await MailServersResource.RequireAsync(work, account.Id, id, cancellationToken);
        var made = await book.AddAsync(work, account.Id, id, request.Stream, Draft(request, null, WebhookSecret.None, []), cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "mail_webhook.create", "mail_webhook", made, null, cancellationToken);
        var row = await FindAsync(work, account.Id, made, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/app/mail-webhooks/{made}", Item(row, webhooks.Open(account.Id, row.Secret)));
    }

    private static async Task<WebhookItem> SaveAsync(
        long id, WebhookInput request, CurrentAccount account, NpgsqlDataSource database, MailWebhooks webhooks, WebhookBook book, IAudit audit, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await FindAsync(work, account.Id, id, cancellationToken);
        await book.SaveAsync(work, account.Id, id, Draft(request, row.Url, webhooks.Open(account.Id, row.Secret), row.Content), cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "mail_webhook.save", "mail_webhook", id, null, cancellationToken);
        row = await FindAsync(work, account.Id, id, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return Item(row, webhooks.Open(account.Id, row.Secret));
    }

    private static async Task<NoContent> DeleteAsync(long id, CurrentAccount account, NpgsqlDataSource database, IAudit audit, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await FindAsync(work, account.Id, id, cancellationToken);
        await Sql.Of($"delete from messaging.mail_webhook where account_id = {account.Id} and id = {id}").ExecuteAsync(work, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "mail_webhook.delete", "mail_webhook", id, null, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<SuppressionList> SuppressionsAsync(
        long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken, string? after = null, int limit = 100)
    {
        if (limit is < 1 or > MaxLimit)
        {
            throw new InvalidInputException("limit", "validation_failed", $"A page has 1 to {MaxLimit} addresses.");
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        _ = await MailStreams.FindAsync(work, account.Id, id, cancellationToken) ?? throw new NotFoundException();
        var rows = await Sql.Of($"""
            select address, reason, origin, created_at from messaging.stream_suppression
            where account_id = {account.Id} and stream_id = {id} and ({after} is null or address > {after}) order by address limit {limit + 1}
            """).ListAsync<SuppressedAddress>(work, cancellationToken);
        return new([.. rows.Take(limit)], rows.Count > limit ? rows[limit - 1].Address : null);
    }

    private static async Task<NoContent> SuppressAsync(
        long id, AddressInput request, CurrentAccount account, NpgsqlDataSource database, StreamSuppressions suppressions, IAudit audit, CancellationToken cancellationToken)
    {
        var address = Read(request);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var stream = await MailStreams.FindAsync(work, account.Id, id, cancellationToken) ?? throw new NotFoundException();
        await suppressions.AddAsync(work, account.Id, stream.ServerId, id, stream.Key, [address], SuppressionOrigin.Admin, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "stream_suppression.add", "mail_stream", id, null, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> LiftAsync(
        long id, AddressInput request, CurrentAccount account, NpgsqlDataSource database, StreamSuppressions suppressions, IAudit audit, CancellationToken cancellationToken)
    {
        var address = Read(request);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var stream = await MailStreams.FindAsync(work, account.Id, id, cancellationToken) ?? throw new NotFoundException();
        if ((await suppressions.LiftAsync(work, account.Id, stream.ServerId, id, stream.Key, [address], SuppressionOrigin.Admin, cancellationToken)).Count == 0)
        {
            throw new ConflictException("complained", "Who complained stays suppressed.");
        }

        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "stream_suppression.lift", "mail_stream", id, null, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static string Read(AddressInput request) => EmailAddress.TryParse(request.Address, out var address, out var code, out var message)
        ? address.Normalised
        : throw new InvalidInputException("/address", code, message);

    /// <param name="before">Where it led; null: it is new.</param>
    private static WebhookDraft Draft(WebhookInput input, string? before, WebhookSecret secret, IReadOnlyList<string> content)
    {
        var user = string.IsNullOrEmpty(input.UserName) ? null : input.UserName;
        if (before is not null && !IsSameHost(before, input.Url))
        {
            // What was entrusted to one program is not told to another: whoever may change the address may not read the password.
            secret = secret.Password is null || input.Password is not null || user is null
                ? WebhookSecret.None
                : throw new InvalidInputException("/password", "required", "The address leads to another host: give the password again.");
        }

        return new(input.Url, [.. input.Wants.Distinct(StringComparer.Ordinal)], input.FirstOpen, content, secret with { UserName = user, Password = user is null ? null : input.Password ?? secret.Password });
    }

    internal static bool IsSameHost(string a, string b) =>
        Uri.TryCreate(a, UriKind.Absolute, out var one) && Uri.TryCreate(b, UriKind.Absolute, out var other)
        && Uri.Compare(one, other, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static WebhookItem Item(WebhookRow row, WebhookSecret secret) =>
        new(row.Id, row.StreamKey, row.Url, row.Wants, row.FirstOpen, secret.UserName, secret.Password is not null, row.UpdatedAt);

    private static async Task<WebhookRow> FindAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken) =>
        await Sql.Of($"{MailWebhooks.Select} where w.account_id = {accountId} and w.id = {id}").FirstAsync<WebhookRow>(work, cancellationToken) ?? throw new NotFoundException();
}

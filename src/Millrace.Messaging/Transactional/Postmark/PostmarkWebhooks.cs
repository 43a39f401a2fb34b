using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Messaging.Transactional.Sending;
using Millrace.Messaging.Transactional.Webhooks;
using Npgsql;

namespace Millrace.Messaging.Transactional.Postmark;

/// <summary><c>/webhooks</c>. A password is taken and never told again.</summary>
internal sealed class PostmarkWebhooks : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        foreach (var group in PostmarkDialect.Groups(routes))
        {
            group.MapGet("/webhooks", ListAsync);
            group.MapGet("/webhooks/{id}", ShowAsync);
            group.MapPost("/webhooks", AddAsync);
            group.MapPut("/webhooks/{id}", SaveAsync);
            group.MapDelete("/webhooks/{id}", DeleteAsync);
        }
    }

    internal sealed record Auth(string? Username, string? Password);

    internal sealed record Trigger(bool? Enabled, bool? PostFirstOpenOnly, bool? IncludeContent);

    internal sealed record Input(string? Url, string? MessageStream, Auth? HttpAuth, List<HeaderRequest>? HttpHeaders, Dictionary<string, Trigger?>? Triggers);

    private static async Task<IResult> ListAsync(HttpContext http, PostmarkCaller caller, NpgsqlDataSource database, MailWebhooks webhooks, CancellationToken cancellationToken)
    {
        var stream = PostmarkDialect.Query(http.Request, "MessageStream")?.ToLowerInvariant();
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        var rows = await Sql.Of($"{MailWebhooks.Select} where w.account_id = {caller.AccountId} and w.server_id = {caller.ServerId} and ({stream} is null or s.key = {stream}) order by w.id")
            .ListAsync<WebhookRow>(work, cancellationToken);
        return PostmarkDialect.Answer(new JsonObject { ["Webhooks"] = new JsonArray([.. rows.Select(r => Show(r, webhooks.Open(caller.AccountId, r.Secret)))]) });
    }

    private static async Task<IResult> ShowAsync(string id, PostmarkCaller caller, NpgsqlDataSource database, MailWebhooks webhooks, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        var row = await FindAsync(work, caller, id, cancellationToken);
        return PostmarkDialect.Answer(Show(row, webhooks.Open(caller.AccountId, row.Secret)));
    }

    private static async Task<IResult> AddAsync(HttpContext http, PostmarkCaller caller, NpgsqlDataSource database, MailWebhooks webhooks, WebhookBook book, CancellationToken cancellationToken)
    {
        var input = await PostmarkDialect.ReadAsync<Input>(http, cancellationToken);
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        var id = await TryAsync(() => book.AddAsync(work, caller.AccountId, caller.ServerId, input.MessageStream ?? "outbound", Draft(input, null, WebhookSecret.None), cancellationToken));
        var row = await FindAsync(work, caller, id.ToString(CultureInfo.InvariantCulture), cancellationToken);
        await work.CommitAsync(cancellationToken);
        return PostmarkDialect.Answer(Show(row, webhooks.Open(caller.AccountId, row.Secret)));
    }

    private static async Task<IResult> SaveAsync(
        string id, HttpContext http, PostmarkCaller caller, NpgsqlDataSource database, MailWebhooks webhooks, WebhookBook book, CancellationToken cancellationToken)
    {
        var input = await PostmarkDialect.ReadAsync<Input>(http, cancellationToken);
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        var row = await FindAsync(work, caller, id, cancellationToken);
        await TryAsync(async () =>
        {
            await book.SaveAsync(work, caller.AccountId, row.Id, Draft(input, row, webhooks.Open(caller.AccountId, row.Secret)), cancellationToken);
            return 0L;
        });
        row = await FindAsync(work, caller, id, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return PostmarkDialect.Answer(Show(row, webhooks.Open(caller.AccountId, row.Secret)));
    }

    private static async Task<IResult> DeleteAsync(string id, PostmarkCaller caller, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        var row = await FindAsync(work, caller, id, cancellationToken);
        await Sql.Of($"delete from messaging.mail_webhook where account_id = {caller.AccountId} and id = {row.Id}").ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return PostmarkDialect.Answer(new JsonObject { ["ErrorCode"] = 0, ["Message"] = $"Webhook {row.Id} removed." });
    }

    /// <summary>What a change leaves unsaid stays as it was; but what was told to one host in confidence is not told to another because only the address was changed.</summary>
    private static WebhookDraft Draft(Input input, WebhookRow? row, WebhookSecret secret)
    {
        if (row is not null && input.Url is { } url && !MailWebhooksResource.IsSameHost(url, row.Url))
        {
            secret = WebhookSecret.None;
        }

        var wants = (row?.Wants ?? []).ToHashSet(StringComparer.Ordinal);
        var content = (row?.Content ?? []).ToHashSet(StringComparer.Ordinal);
        var firstOpen = row?.FirstOpen ?? false;
        foreach (var (name, trigger) in input.Triggers ?? [])
        {
            var kind = MailWebhooks.Triggers.FirstOrDefault(t => t.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
            if (kind is null || trigger is null)
            {
                continue;
            }

            _ = trigger.Enabled switch { true => wants.Add(kind), false => wants.Remove(kind), null => false };
            _ = trigger.IncludeContent switch { true => content.Add(kind), false => content.Remove(kind), null => false };
            firstOpen = kind == "opened" && trigger.PostFirstOpenOnly is { } only ? only : firstOpen;
        }

        return new WebhookDraft(
            input.Url ?? row?.Url ?? "", [.. wants], firstOpen, [.. content],
            new WebhookSecret(
                input.HttpAuth is null ? secret.UserName : input.HttpAuth.Username, input.HttpAuth is null ? secret.Password : input.HttpAuth.Password,
                input.HttpHeaders is null ? secret.Headers : WebhookBook.Headers(input.HttpHeaders)));
    }

    private static async Task<T> TryAsync<T>(Func<Task<T>> change)
    {
        try
        {
            return await change();
        }
        catch (DomainException e) when (e is InvalidInputException or ConflictException or NotFoundException)
        {
            throw new PostmarkException(PostmarkDialect.WebhookInvalid, e.Message);
        }
    }

    private static async Task<WebhookRow> FindAsync(AccountTransaction work, PostmarkCaller caller, string id, CancellationToken cancellationToken) =>
        (long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? await Sql.Of($"{MailWebhooks.Select} where w.account_id = {caller.AccountId} and w.server_id = {caller.ServerId} and w.id = {number}").FirstAsync<WebhookRow>(work, cancellationToken)
            : null) ?? throw new PostmarkException(PostmarkDialect.WebhookUnknown, "This server has no such webhook.");

    private static JsonObject Show(WebhookRow row, WebhookSecret secret)
    {
        var triggers = new JsonObject();
        foreach (var (name, kind) in MailWebhooks.Triggers.Where(t => t.Value != "inbound" || row.Wants.Contains("inbound", StringComparer.Ordinal)))
        {
            var trigger = new JsonObject { ["Enabled"] = row.Wants.Contains(kind, StringComparer.Ordinal) };
            if (kind == "opened")
            {
                trigger["PostFirstOpenOnly"] = row.FirstOpen;
            }
            else if (kind is "bounced" or "complained")
            {
                trigger["IncludeContent"] = row.Content.Contains(kind, StringComparer.Ordinal);
            }

            triggers[name] = trigger;
        }

        return new JsonObject
        {
            ["ID"] = row.Id,
            ["Url"] = row.Url,
            ["MessageStream"] = row.StreamKey,
            ["HttpAuth"] = new JsonObject { ["Username"] = secret.UserName, ["Password"] = null },
            ["HttpHeaders"] = new JsonArray([.. secret.Headers.Select(h => new JsonObject { ["Name"] = h.Key, ["Value"] = h.Value })]),
            ["Triggers"] = triggers,
        };
    }
}

using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Mail.Addresses;
using Millrace.Messaging.Transactional.Events;
using Millrace.Messaging.Transactional.Servers;
using Npgsql;

namespace Millrace.Messaging.Transactional.Postmark;

/// <summary><c>/message-streams</c> with their suppressions.</summary>
internal sealed class PostmarkStreams : IEndpoint
{
    private const int MaxAddresses = 50;

    public static void Map(ModuleRoutes routes)
    {
        foreach (var group in PostmarkDialect.Groups(routes))
        {
            group.MapGet("/message-streams", ListAsync);
            group.MapGet("/message-streams/{key}", ShowAsync);
            group.MapPost("/message-streams", AddAsync);
            group.MapPatch("/message-streams/{key}", SaveAsync);
            group.MapPost("/message-streams/{key}/archive", ArchiveAsync);
            group.MapPost("/message-streams/{key}/unarchive", UnarchiveAsync);
            group.MapGet("/message-streams/{key}/suppressions/dump", SuppressionsAsync);
            group.MapPost("/message-streams/{key}/suppressions", SuppressAsync);
            group.MapPost("/message-streams/{key}/suppressions/delete", LiftAsync);
        }
    }

    internal sealed record Management(string? UnsubscribeHandlingType);

    internal sealed record Input(string? ID, string? Name, string? Description, string? MessageStreamType, Management? SubscriptionManagementConfiguration);

    internal sealed record Addresses(List<Address>? Suppressions);

    internal sealed record Address(string? EmailAddress);

    private static async Task<IResult> ListAsync(HttpContext http, PostmarkCaller caller, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var type = PostmarkDialect.Query(http.Request, "MessageStreamType");
        StreamKind? kind = type is null || type.Equals("All", StringComparison.OrdinalIgnoreCase) ? null : PostmarkNames.Kind(type);
        var archived = PostmarkDialect.Query(http.Request, "IncludeArchivedStreams")?.Equals("true", StringComparison.OrdinalIgnoreCase) == true;
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        var all = await Sql.Of($"{MailStreams.Select} where s.account_id = {caller.AccountId} and s.server_id = {caller.ServerId} order by s.id").ListAsync<StreamView>(work, cancellationToken);
        var shown = all.Where(s => (kind is null || s.Kind == kind) && (archived || s.ArchivedAt is null)).Select(Show).ToArray<JsonNode?>();
        return PostmarkDialect.Answer(new JsonObject { ["MessageStreams"] = new JsonArray(shown), ["TotalCount"] = shown.Length });
    }

    private static async Task<IResult> ShowAsync(string key, PostmarkCaller caller, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        return PostmarkDialect.Answer(Show(await FindAsync(work, caller, key, cancellationToken)));
    }

    private static async Task<IResult> AddAsync(HttpContext http, PostmarkCaller caller, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var input = await PostmarkDialect.ReadAsync<Input>(http, cancellationToken);
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        var made = await TryAsync(() => MailStreams.AddAsync(
            work, caller.AccountId, caller.ServerId, input.ID ?? "", input.Name ?? "", input.Description ?? "", PostmarkNames.Kind(input.MessageStreamType),
            PostmarkNames.Unsubscribe(input.SubscriptionManagementConfiguration?.UnsubscribeHandlingType), clock.GetUtcNow(), cancellationToken));
        await work.CommitAsync(cancellationToken);
        return PostmarkDialect.Answer(Show(made));
    }

    private static async Task<IResult> SaveAsync(
        string key, HttpContext http, PostmarkCaller caller, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var input = await PostmarkDialect.ReadAsync<Input>(http, cancellationToken);
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        var stream = await FindAsync(work, caller, key, cancellationToken);
        var saved = await TryAsync(() => MailStreams.SaveAsync(
            work, caller.AccountId, stream, input.Name ?? stream.Name, input.Description ?? stream.Description,
            PostmarkNames.Unsubscribe(input.SubscriptionManagementConfiguration?.UnsubscribeHandlingType) ?? stream.Unsubscribe, clock.GetUtcNow(), cancellationToken));
        await work.CommitAsync(cancellationToken);
        return PostmarkDialect.Answer(Show(saved));
    }

    private static async Task<IResult> ArchiveAsync(string key, PostmarkCaller caller, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        var now = clock.GetUtcNow();
        var stream = await FindAsync(work, caller, key, cancellationToken);
        await TryAsync(() => MailStreams.ArchiveAsync(work, caller.AccountId, stream, true, now, cancellationToken));
        await work.CommitAsync(cancellationToken);
        // Nothing is deleted with an archived stream, so there is no day on which it would be.
        return PostmarkDialect.Answer(new JsonObject { ["ID"] = stream.Key, ["ServerID"] = stream.ServerId, ["ExpectedPurgeDate"] = null });
    }

    private static async Task<IResult> UnarchiveAsync(string key, PostmarkCaller caller, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        var stream = await FindAsync(work, caller, key, cancellationToken);
        var back = await MailStreams.ArchiveAsync(work, caller.AccountId, stream, false, clock.GetUtcNow(), cancellationToken);
        await work.CommitAsync(cancellationToken);
        return PostmarkDialect.Answer(Show(back));
    }

    private static async Task<IResult> SuppressionsAsync(string key, HttpContext http, PostmarkCaller caller, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var (reason, origin, address) = (PostmarkDialect.Query(http.Request, "SuppressionReason"), PostmarkDialect.Query(http.Request, "Origin"), PostmarkDialect.Query(http.Request, "EmailAddress")?.ToLowerInvariant());
        var (from, to) = (PostmarkDialect.Instant(http.Request, "FromDate", PostmarkDialect.StreamInvalid), PostmarkDialect.Instant(http.Request, "ToDate", PostmarkDialect.StreamInvalid));
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        var stream = await FindAsync(work, caller, key, cancellationToken);
        var rows = await Sql.Of($"""
            select address, reason, origin, created_at from messaging.stream_suppression
            where account_id = {caller.AccountId} and stream_id = {stream.Id} and ({address} is null or address = {address})
              and ({from} is null or created_at >= {from}) and ({to} is null or created_at <= {to})
            order by created_at desc, address limit 100000
            """).ListAsync<SuppressedAddress>(work, cancellationToken);
        return PostmarkDialect.Answer(new JsonObject
        {
            ["Suppressions"] = new JsonArray([.. rows
                .Where(r => (reason is null || r.Reason.ToString().Equals(reason, StringComparison.OrdinalIgnoreCase)) && (origin is null || r.Origin.ToString().Equals(origin, StringComparison.OrdinalIgnoreCase)))
                .Select(r => new JsonObject
                {
                    ["EmailAddress"] = r.Address, ["SuppressionReason"] = r.Reason.ToString(), ["Origin"] = r.Origin.ToString(), ["CreatedAt"] = EventPayload.When(r.CreatedAt),
                })]),
        });
    }

    private static async Task<IResult> SuppressAsync(
        string key, HttpContext http, PostmarkCaller caller, NpgsqlDataSource database, StreamSuppressions suppressions, CancellationToken cancellationToken)
    {
        var asked = Read(await PostmarkDialect.ReadAsync<Addresses>(http, cancellationToken));
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        var stream = await FindAsync(work, caller, key, cancellationToken);
        var good = asked.Where(a => a.Problem is null).Select(a => a.Address).ToArray();
        await suppressions.AddAsync(work, caller.AccountId, caller.ServerId, stream.Id, stream.Key, good, SuppressionOrigin.Customer, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return PostmarkDialect.Answer(Statuses(asked, _ => "Suppressed", _ => null));
    }

    private static async Task<IResult> LiftAsync(
        string key, HttpContext http, PostmarkCaller caller, NpgsqlDataSource database, StreamSuppressions suppressions, CancellationToken cancellationToken)
    {
        var asked = Read(await PostmarkDialect.ReadAsync<Addresses>(http, cancellationToken));
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        var stream = await FindAsync(work, caller, key, cancellationToken);
        var good = asked.Where(a => a.Problem is null).Select(a => a.Address).ToArray();
        var lifted = await suppressions.LiftAsync(work, caller.AccountId, caller.ServerId, stream.Id, stream.Key, good, SuppressionOrigin.Customer, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return PostmarkDialect.Answer(Statuses(
            asked, a => lifted.Contains(a.ToLowerInvariant()) ? "Deleted" : "Failed", a => lifted.Contains(a.ToLowerInvariant()) ? null : "Who complained stays suppressed."));
    }

    private static List<(string Address, string? Problem)> Read(Addresses input)
    {
        if (input.Suppressions is not { Count: > 0 and <= MaxAddresses } asked)
        {
            throw new PostmarkException(300, $"Suppressions holds 1 to {MaxAddresses} addresses.");
        }

        return [.. asked.Select(a => EmailAddress.TryParse(a?.EmailAddress, out var address, out _, out var message) ? (address.Value, (string?)null) : (a?.EmailAddress ?? "", message))];
    }

    private static JsonObject Statuses(List<(string Address, string? Problem)> asked, Func<string, string> status, Func<string, string?> message) => new()
    {
        ["Suppressions"] = new JsonArray([.. asked.Select(a => new JsonObject
        {
            ["EmailAddress"] = a.Address, ["Status"] = a.Problem is null ? status(a.Address) : "Failed", ["Message"] = a.Problem ?? message(a.Address),
        })]),
    };

    private static async Task<T> TryAsync<T>(Func<Task<T>> change)
    {
        try
        {
            return await change();
        }
        catch (DomainException e) when (e is InvalidInputException or ConflictException)
        {
            throw new PostmarkException(PostmarkDialect.StreamInvalid, e.Message);
        }
    }

    private static async Task<StreamView> FindAsync(AccountTransaction work, PostmarkCaller caller, string key, CancellationToken cancellationToken) =>
        (key.Contains('\0', StringComparison.Ordinal) ? null : await MailStreams.FindAsync(work, caller.AccountId, caller.ServerId, key, cancellationToken))
        ?? throw new PostmarkException(PostmarkDialect.StreamUnknown, "This server has no such message stream.");

    private static JsonObject Show(StreamView stream) => new()
    {
        ["ID"] = stream.Key,
        ["ServerID"] = stream.ServerId,
        ["Name"] = stream.Name,
        ["Description"] = stream.Description,
        ["MessageStreamType"] = PostmarkNames.Kind(stream.Kind),
        ["CreatedAt"] = EventPayload.When(stream.CreatedAt),
        ["UpdatedAt"] = EventPayload.When(stream.UpdatedAt),
        ["ArchivedAt"] = stream.ArchivedAt is { } archived ? EventPayload.When(archived) : null,
        ["ExpectedPurgeDate"] = null,
        ["SubscriptionManagementConfiguration"] = new JsonObject { ["UnsubscribeHandlingType"] = PostmarkNames.Unsubscribe(stream) },
    };
}

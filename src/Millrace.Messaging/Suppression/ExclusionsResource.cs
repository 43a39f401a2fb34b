using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Messaging.Sending;
using Npgsql;

namespace Millrace.Messaging.Suppression;

/// <summary>
/// <c>/api/app/exclusions</c>: addresses, domains and patterns that people keep; nobody matching is mailed, on all lists or on some. Statuses and
/// subscriptions stay as they are, and taking an entry off lets mail through again.
/// </summary>
internal sealed class ExclusionsResource : IEndpoint
{
    private const int MaxLimit = 200;
    private const int MaxImport = 20_000;
    private const int MaxRefused = 100;

    /// <summary>Patterns are compared one by one for every mail.</summary>
    private const int MaxPatterns = 500;

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("exclusions", ListAsync).WithName("exclusion_list").RequirePermission(Permission.ViewContacts);
        routes.App.MapPost("exclusions", AddAsync).WithName("exclusion_add").RequirePermission(Permission.ManageContacts);
        routes.App.MapPost("exclusions/import", ImportAsync).WithName("exclusion_import").RequirePermission(Permission.ManageContacts);
        routes.App.MapDelete("exclusions/{id:long}", RemoveAsync).WithName("exclusion_remove").RequirePermission(Permission.ManageContacts);
    }

    internal sealed record Exclusion(long Id, ExclusionMode Mode, string Pattern, long[]? ListIds, DateTimeOffset CreatedAt);

    /// <param name="Next">Pass as <c>before</c> for the next page; null on the last.</param>
    internal sealed record ExclusionList(IReadOnlyList<Exclusion> Exclusions, long? Next);

    /// <param name="Pattern">An address, a domain (<c>acme.example</c> or <c>@acme.example</c>), or with a mode the beginning or the end of addresses.</param>
    /// <param name="Mode">Null: an address or a domain, as it is written.</param>
    /// <param name="ListIds">Null: mail to all lists.</param>
    internal sealed record ExclusionInput(string Pattern, ExclusionMode? Mode = null, IReadOnlyList<long>? ListIds = null);

    /// <param name="Entries">Addresses and domains, at most 20,000; blanks and quotes around them do not matter, empty ones are passed over.</param>
    internal sealed record ImportInput(IReadOnlyList<string> Entries);

    /// <param name="Line">From 1.</param>
    internal sealed record RefusedEntry(int Line, string Entry, string Message);

    /// <param name="Already">Were there before, or stood twice in what was sent.</param>
    /// <param name="Refused">How many are neither addresses nor domains; the first hundred stand in <paramref name="Examples"/>.</param>
    internal sealed record Imported(int Added, int Already, int Refused, IReadOnlyList<RefusedEntry> Examples);

    private static async Task<ExclusionList> ListAsync(
        CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken, string? search = null, long? before = null, int limit = 50)
    {
        if (limit is < 1 or > MaxLimit)
        {
            throw new InvalidInputException("limit", "validation_failed", $"A page has 1 to {MaxLimit} entries.");
        }

        var wanted = search?.Trim().ToLowerInvariant();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var rows = await Sql.Of($"""
            select id, mode, pattern, list_ids, created_at from messaging.exclusion
            where account_id = {account.Id} and ({before} is null or id < {before}) and ({wanted} is null or strpos(pattern, {wanted}) > 0)
            order by id desc limit {limit + 1}
            """).ListAsync<Exclusion>(work, cancellationToken);
        return new([.. rows.Take(limit)], rows.Count > limit ? rows[limit - 1].Id : null);
    }

    private static async Task<Created<Exclusion>> AddAsync(
        ExclusionInput request, CurrentAccount account, NpgsqlDataSource database, IAudit audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!ExclusionEntry.TryRead(request.Pattern, request.Mode, out var entry, out var message))
        {
            throw new InvalidInputException("/pattern", "pattern_invalid", message);
        }

        long[]? lists = request.ListIds is { Count: > 0 } ids ? [.. ids.Distinct()] : null;
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await CheckAsync(work, account.Id, entry, lists, cancellationToken);

        // From the commit on nothing more goes to them: no hand-over can slip in between.
        await SendGate.CloseAsync(work.Transaction, account.Id, cancellationToken);
        var made = await Sql.Of($"""
            insert into messaging.exclusion (account_id, mode, pattern, list_ids, created_at)
            values ({account.Id}, {entry.Mode}, {entry.Pattern}, {lists}, {clock.GetUtcNow()})
            returning id, mode, pattern, list_ids, created_at
            """).FirstAsync<Exclusion>(work, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "exclusion.add", "exclusion", made!.Id, new { entry.Mode, entry.Pattern }, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/app/exclusions/{made.Id}", made);
    }

    private static async Task<Imported> ImportAsync(
        ImportInput request, CurrentAccount account, NpgsqlDataSource database, IAudit audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (request.Entries.Count > MaxImport)
        {
            throw new InvalidInputException("/entries", "too_many", $"One request takes {MaxImport} entries; send the rest in another.");
        }

        var entries = new HashSet<ExclusionEntry>();
        var refused = new List<RefusedEntry>();
        var (given, wrong) = (0, 0);
        for (var i = 0; i < request.Entries.Count; i++)
        {
            var text = request.Entries[i] ?? "";
            if (string.IsNullOrWhiteSpace(text))
            {
                continue;
            }

            given++;
            if (ExclusionEntry.TryRead(text, null, out var entry, out var message))
            {
                entries.Add(entry);
            }
            else if (++wrong <= MaxRefused)
            {
                refused.Add(new(i + 1, text.Length > 254 ? text[..254] : text, message));
            }
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await SendGate.CloseAsync(work.Transaction, account.Id, cancellationToken);
        var added = await Sql.Of($"""
            insert into messaging.exclusion (account_id, mode, pattern, created_at)
            select {account.Id}, e.mode, e.pattern, {clock.GetUtcNow()}
            from unnest({entries.Select(e => EnumNames<ExclusionMode>.NameOf(e.Mode)).ToArray()}, {entries.Select(e => e.Pattern).ToArray()}) as e (mode, pattern)
            on conflict do nothing
            """).ExecuteAsync(work, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "exclusion.import", "exclusion", null, new { added }, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return new(added, given - wrong - added, wrong, refused);
    }

    private static async Task<NoContent> RemoveAsync(
        long id, CurrentAccount account, NpgsqlDataSource database, IAudit audit, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var pattern = await Sql.Of($"delete from messaging.exclusion where account_id = {account.Id} and id = {id} returning pattern")
            .FirstAsync<string>(work, cancellationToken) ?? throw new NotFoundException();
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "exclusion.remove", "exclusion", id, new { pattern }, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task CheckAsync(AccountTransaction work, long accountId, ExclusionEntry entry, long[]? lists, CancellationToken cancellationToken)
    {
        if (entry.Mode is ExclusionMode.BeginsWith or ExclusionMode.EndsWith
            && await Sql.Of($"select count(*) from messaging.exclusion where account_id = {accountId} and mode in ('begins_with', 'ends_with')")
                .FirstAsync<long>(work, cancellationToken) >= MaxPatterns)
        {
            throw new ConflictException("limit_reached", $"There can be {MaxPatterns} entries that compare beginnings and ends; addresses and domains are not limited.");
        }

        if (lists is not null && await Sql.Of($"select count(*) from contacts.list where account_id = {accountId} and id = any ({lists})")
                .FirstAsync<long>(work, cancellationToken) < lists.Length)
        {
            throw new InvalidInputException("/list_ids", "not_found", "There is no such list.");
        }
    }
}

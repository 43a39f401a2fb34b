using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Millrace.Api.Dialect;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Security;
using Millrace.Segments.Contracts;
using Millrace.Segments.Saved;

namespace Millrace.Segments.Definitions;

/// <summary>What a request says of a segment besides its conditions.</summary>
/// <param name="Id">Chosen by the client, else null.</param>
/// <param name="Description">Null where it was not given, as with <paramref name="Meta"/>.</param>
internal sealed record Described(Guid? Id, string? Name, string? Description, JsonElement? Meta, Definition Definition);

/// <summary>Reads, stores and changes segments as API v3 describes them.</summary>
internal sealed class DefinitionStore(IConditions conditions, SegmentChanges changes, TimeProvider clock)
{
    /// <summary>How long a segment stays that was only given to be matched.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>Segments without a name that stay.</summary>
    private const int MaxUnnamed = 2_000;

    /// <summary>The one resource of a request: <c>{"data": {...}}</c> or <c>{"data": [{...}]}</c>.</summary>
    /// <returns>The resource, its attributes and the pointer of these.</returns>
    public static async Task<(JsonElement Resource, JsonElement Attributes, string Pointer)> ResourceAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var root = await V3Body.ReadAsync(request, cancellationToken);
        var data = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("data", out var given) ? given : default;
        var (resource, pointer) = data.ValueKind == JsonValueKind.Array && data.GetArrayLength() == 1 ? (data[0], "/data/0") : (data, "/data");
        return resource.ValueKind == JsonValueKind.Object && resource.TryGetProperty("attributes", out var attributes) && attributes.ValueKind == JsonValueKind.Object
            ? (resource, attributes, pointer + "/attributes")
            : throw new InvalidInputException(pointer + "/attributes", "field_missing", "The request has to hold one resource with attributes.");
    }

    public static async Task<Described> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (resource, attributes, pointer) = await ResourceAsync(request, cancellationToken);
        var id = resource.TryGetProperty("id", out var given) && given.ValueKind != JsonValueKind.Null
            ? given.ValueKind == JsonValueKind.String && Guid.TryParseExact(given.GetString(), "D", out var uuid) && uuid != Guid.Empty
                ? uuid
                : throw new InvalidInputException(pointer.Replace("attributes", "id", StringComparison.Ordinal), "id_invalid", "This must be a UUID.")
            : (Guid?)null;
        JsonElement? meta = attributes.TryGetProperty("meta", out var more) && more.ValueKind != JsonValueKind.Null ? more : null;
        if (meta is { ValueKind: not JsonValueKind.Object and not JsonValueKind.Array })
        {
            throw new InvalidInputException($"{pointer}/meta", "field_invalid", "This must be an object.");
        }

        return new Described(
            id, Line(attributes, "name", pointer), Line(attributes, "description", pointer), meta, new DefinitionReader(pointer, DefinitionNames.Segment).Read(attributes));
    }

    /// <summary>Holds the tree against the account, with what is wrong told at its place in the request.</summary>
    public async Task<ConditionTree> CheckedAsync(
        AccountTransaction work, CurrentAccount account, Definition definition, CancellationToken cancellationToken)
    {
        try
        {
            var tree = conditions.Parse(definition.Tree, Definition.Pointer);
            if (await conditions.CheckAsync(work, account.Id, tree, cancellationToken) is { Count: > 0 } errors)
            {
                throw new InvalidInputException(errors);
            }

            // Says what only compiling finds: a step outside of its automation.
            conditions.Compile(
                await conditions.ResolveAsync(work.Transaction, account.Id, tree, cancellationToken), new SegmentContext(account.Id, clock.GetUtcNow(), account.TimeZone));
            return tree;
        }
        catch (InvalidInputException e)
        {
            throw definition.Told(e);
        }
    }

    /// <summary>A segment with a name is a saved one from then on.</summary>
    /// <param name="kept">For how long a segment without a name stays; null for good.</param>
    /// <returns>Its id.</returns>
    public async Task<Guid> CreateAsync(
        AccountTransaction work, CurrentAccount account, Described described, TimeSpan? kept, CancellationToken cancellationToken)
    {
        await CheckedAsync(work, account, described.Definition, cancellationToken);
        var (now, id, definition) = (clock.GetUtcNow(), described.Id ?? Guid.CreateVersion7(clock.GetUtcNow()), described.Definition);
        long? segment = null;
        if (kept is null && described.Name is { } name)
        {
            try
            {
                segment = await changes.CreateAsync(
                    work, account, new SegmentInput(name, described.Description ?? string.Empty, [], definition.Tree), cancellationToken);
            }
            catch (InvalidInputException e)
            {
                throw definition.Told(e);
            }
        }
        else if (kept is null && await Sql.Of($"""
            select count(*) from segments.definition where account_id = {account.Id} and segment_id is null and expires_at is null
            """).FirstAsync<long>(work, cancellationToken) >= MaxUnnamed)
        {
            throw new ConflictException("too_many_segments", $"An account has at most {MaxUnnamed} segments without a name.");
        }

        var stored = await Sql.Of($"""
            insert into segments.definition (account_id, id, segment_id, body, tree, description, meta, created_by, created_at, updated_at, expires_at)
            values ({account.Id}, {id}, {segment}, {definition.Body}, {definition.Tree}, {described.Description ?? string.Empty}, {described.Meta ?? Nothing},
                    {account.UserId}, {now}, {now}, {now + kept})
            on conflict (account_id, id) do nothing
            """).ExecuteAsync(work, cancellationToken);
        if (stored == 1)
        {
            await DefinitionHistory.KeepAsync(work, account.Id, id, segmentId: null, cancellationToken);
            return id;
        }

        throw new InvalidInputException(
            definition.Root.Replace("attributes", "id", StringComparison.Ordinal), "id_exists", "A segment of this id exists.");
    }

    /// <summary>The name stays what it was.</summary>
    public async Task ChangeAsync(AccountTransaction work, CurrentAccount account, FoundSegment segment, Described described, CancellationToken cancellationToken)
    {
        await CheckedAsync(work, account, described.Definition, cancellationToken);
        var (now, definition, description) = (clock.GetUtcNow(), described.Definition, described.Description ?? segment.Description);
        if (segment.SegmentId is { } saved)
        {
            try
            {
                await changes.ChangeAsync(
                    work, account, saved, segment.Version, new SegmentInput(segment.Name!, description, segment.Tags, definition.Tree), cancellationToken);
            }
            catch (InvalidInputException e)
            {
                throw definition.Told(e);
            }
        }

        if (segment.DefinitionId is not { } id)
        {
            // Known by its number so far, and it stays so: a body is kept for those segments only that have a UUID.
            return;
        }

        await Sql.Of($"""
            update segments.definition
            set body = {definition.Body}, tree = {definition.Tree}, description = {description}, meta = {described.Meta ?? segment.Meta ?? Nothing}, updated_at = {now}
            where account_id = {account.Id} and id = {id}
            """).ExecuteAsync(work, cancellationToken);
        await DefinitionHistory.KeepAsync(work, account.Id, id, segmentId: null, cancellationToken);
    }

    /// <summary>Makes the segment again what it was. Its name stays what it is now.</summary>
    /// <exception cref="InvalidInputException">It names something that is gone meanwhile.</exception>
    public Task RevertAsync(AccountTransaction work, CurrentAccount account, FoundSegment segment, FoundSegment former, CancellationToken cancellationToken) =>
        ChangeAsync(
            work, account, segment,
            new Described(null, null, former.Description, former.Meta, new Definition(DefinitionWriter.BodyOf(former), former.Tree, [(string.Empty, "createdDate")]) { Root = "createdDate" }),
            cancellationToken);

    public async Task DeleteAsync(AccountTransaction work, CurrentAccount account, FoundSegment segment, CancellationToken cancellationToken)
    {
        if (segment.SegmentId is { } saved)
        {
            await changes.DeleteAsync(work, account, saved, force: false, cancellationToken);
        }
        else
        {
            await Sql.Of($"delete from segments.definition where account_id = {account.Id} and id = {segment.DefinitionId!.Value}").ExecuteAsync(work, cancellationToken);
        }
    }

    private static readonly JsonElement Nothing = JsonElement.Parse("{}");

    private static string? Line(JsonElement attributes, string member, string pointer)
    {
        if (!attributes.TryGetProperty(member, out var given) || given.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return given.ValueKind != JsonValueKind.String ? throw new InvalidInputException($"{pointer}/{member}", "field_invalid", "This must be a text.")
            : given.GetString()!.Trim() is { Length: <= 1_000 } text ? text.Length == 0 && member == "name" ? null : text
            : throw new InvalidInputException($"{pointer}/{member}", "too_long", "At most 1000 characters.");
    }
}

using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.Counting;
using Millrace.Contacts.Paging;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Contacts.People;

/// <summary><c>GET /api/app/contacts</c>: one page of the contacts that match, with their tags and lists.</summary>
internal sealed class ListContacts : IEndpoint
{
    /// <summary>Matches of a filter are counted up to here, so that a count stays fast with a million contacts.</summary>
    public const int CountCap = 10_001;

    private const int MaxFields = 20;
    private const int MaxTree = 8_000;

    public static void Map(ModuleRoutes routes) =>
        routes.App.MapGet("contacts", Handle).WithName("contact_list").RequirePermission(Permission.ViewContacts);

    /// <param name="TotalIsCapped">There are more matches than <paramref name="Total"/> says.</param>
    /// <param name="NextCursor">Null on the last page.</param>
    internal sealed record ContactPage(IReadOnlyList<ContactRow> Items, string? NextCursor, long Total, bool TotalIsCapped);

    /// <param name="Fields">Values of the custom fields that were asked for, by field id; those without a value are not there.</param>
    internal sealed record ContactRow(
        long Id, string? Email, string FirstName, string LastName, string Phone, bool Bounced, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
        IReadOnlyList<ContactRowTag> Tags, IReadOnlyList<ContactRowList> Lists, IReadOnlyDictionary<long, string> Fields);

    internal sealed record ContactRowTag(long Id, string Name);

    internal sealed record ContactRowList(long Id, string Name, SubscriptionStatus Status);

    /// <param name="Sort">See <see cref="ContactOrder.Parse"/>.</param>
    /// <param name="Conditions">A condition tree in its stored form, as JSON text of at most 8,000 characters.</param>
    /// <param name="Fields">Ids of the custom fields whose values come along, at most 20.</param>
    internal sealed record Query(
        [FromQuery(Name = "q")] string? Q, [FromQuery(Name = "sort")] string? Sort, [FromQuery(Name = "cursor")] string? Cursor,
        [FromQuery(Name = "limit")] int? Limit, [FromQuery(Name = "tag")] long? Tag, [FromQuery(Name = "list")] long? List,
        [FromQuery(Name = "status")] string? Status, [FromQuery(Name = "created_from")] DateTimeOffset? CreatedFrom,
        [FromQuery(Name = "created_before")] DateTimeOffset? CreatedBefore, [FromQuery(Name = "conditions")] string? Conditions,
        [FromQuery(Name = "fields")] long[]? Fields);

    private static async Task<Ok<ContactPage>> Handle(
        [AsParameters] Query query, CurrentAccount account, NpgsqlDataSource database, Cursors cursors, IContactConditions conditions, TimedLooks looks, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var (limit, order, filter) = (Cursors.Limit(query.Limit), ContactOrder.Parse(query.Sort), FilterOf(query));
        if (query.Fields is { Length: > MaxFields })
        {
            throw new InvalidInputException("fields", "too_many", $"At most {MaxFields} custom fields at once.");
        }

        var selection = new ContactSelection(Filter: filter, Conditions: Tree(query.Conditions));
        var listing = JsonSerializer.Serialize(new object?[] { account.Id, order, filter, query.Conditions });
        var after = cursors.Read(listing, query.Cursor);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var where = await selection.ConditionAsync(
            work, conditions, new SegmentContext(account.Id, clock.GetUtcNow(), account.TimeZone), string.Empty, cancellationToken);
        return await looks.ChoiceAsync(
            work,
            "conditions",
            async () =>
            {
                var keys = await order.Page(where, after, limit + 1).ListAsync<Position>(work, cancellationToken);
                var next = keys.Count > limit ? cursors.Write(listing, keys[limit - 1]) : null;
                var ids = keys.Take(limit).Select(k => k.Id).ToArray();
                var everybody = filter.IsEmpty && selection.Conditions is null;
                var (total, capped) = await CountAsync(work, account.Id, everybody ? null : where, cancellationToken);
                return TypedResults.Ok(new ContactPage(await RowsAsync(work, account.Id, ids, query.Fields ?? [], cancellationToken), next, total, capped));
            },
            cancellationToken);
    }

    private static JsonElement? Tree(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        try
        {
            return text.Length <= MaxTree ? JsonElement.Parse(text) : throw new InvalidInputException("conditions", "too_long", $"At most {MaxTree} characters.");
        }
        catch (JsonException)
        {
            throw new InvalidInputException("conditions", "filter_invalid", "This is not JSON.");
        }
    }

    internal static ContactFilter FilterOf(Query query)
    {
        if (query.Q?.Length > 500)
        {
            throw new InvalidInputException("q", "filter_invalid", "A search holds at most 500 characters.");
        }

        SubscriptionStatus? status = query.Status is null ? null
            : EnumNames<SubscriptionStatus>.TryParse(query.Status, out var known) ? known
            : throw new InvalidInputException("status", "filter_invalid", "A status is unconfirmed, active, unsubscribed or bounced.");
        return new ContactFilter(query.Q, query.Tag, query.List, status, query.CreatedFrom, query.CreatedBefore);
    }

    /// <param name="where">Null: everybody.</param>
    private static async Task<(long Total, bool Capped)> CountAsync(
        AccountTransaction work, long accountId, Sql? where, CancellationToken cancellationToken)
    {
        if (where is null)
        {
            return (await ContactTotal.ReadAsync(work, accountId, cancellationToken), false);
        }

        var count = await Sql.Of($"select count(*) from (select 1 from contacts.contact c where {where} limit {CountCap}) m")
            .FirstAsync<long>(work, cancellationToken);
        return count == CountCap ? (CountCap - 1, true) : (count, false);
    }

    private static async Task<List<ContactRow>> RowsAsync(
        AccountTransaction work, long accountId, long[] ids, long[] fieldIds, CancellationToken cancellationToken)
    {
        var people = await Sql.Of($"""
            select c.id, c.email, c.first_name, c.last_name, c.phone, c.bounced_at is not null, c.created_at, c.updated_at
            from contacts.contact c
            where c.account_id = {accountId} and c.id = any({ids})
            """).ListAsync<Person>(work, cancellationToken);
        var tags = (await Sql.Of($"""
            select ct.contact_id, t.id, t.name
            from contacts.contact_tag ct
            join contacts.tag t on t.account_id = ct.account_id and t.id = ct.tag_id
            where ct.account_id = {accountId} and ct.contact_id = any({ids})
            order by lower(t.name)
            """).ListAsync<TagOf>(work, cancellationToken)).ToLookup(t => t.ContactId, t => new ContactRowTag(t.Id, t.Name));
        var lists = (await Sql.Of($"""
            select s.contact_id, l.id, l.name, s.status
            from contacts.subscription s
            join contacts.list l on l.account_id = s.account_id and l.id = s.list_id
            where s.account_id = {accountId} and s.contact_id = any({ids})
            order by lower(l.name)
            """).ListAsync<ListOf>(work, cancellationToken)).ToLookup(l => l.ContactId, l => new ContactRowList(l.Id, l.Name, l.Status));
        var values = (fieldIds.Length == 0 ? [] : await Sql.Of($"""
            select contact_id, field_id, value from contacts.field_value
            where account_id = {accountId} and contact_id = any({ids}) and field_id = any({fieldIds})
            """).ListAsync<ValueOf>(work, cancellationToken)).ToLookup(v => v.ContactId);
        var byId = people.ToDictionary(p => p.Id);
        return [.. ids.Where(byId.ContainsKey).Select(id => byId[id]).Select(p => new ContactRow(
            p.Id, p.Email, p.FirstName, p.LastName, p.Phone, p.Bounced, p.CreatedAt, p.UpdatedAt, [.. tags[p.Id]], [.. lists[p.Id]],
            values[p.Id].ToDictionary(v => v.FieldId, v => v.Value)))];
    }

    private sealed record Person(
        long Id, string? Email, string FirstName, string LastName, string Phone, bool Bounced, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

    private sealed record ValueOf(long ContactId, long FieldId, string Value);

    private sealed record TagOf(long ContactId, long Id, string Name);

    private sealed record ListOf(long ContactId, long Id, string Name, SubscriptionStatus Status);
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.Notes;
using Millrace.Contacts.Sightings;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Contacts.People;

/// <summary><c>GET /api/app/contacts/{id}</c>: everything the profile page shows but the stream of activities.</summary>
internal sealed class ReadContact : IEndpoint
{
    public static void Map(ModuleRoutes routes) =>
        routes.App.MapGet("contacts/{id:long}", Handle).WithName("contact_read").RequirePermission(Permission.ViewContacts);

    /// <param name="Version">For <c>If-Match</c> of a change.</param>
    /// <param name="TimeZone">IANA name; null means the account's.</param>
    /// <param name="LastSeen">Null while no open or click of the contact has told anything.</param>
    internal sealed record ContactProfile(
        long Id, string Version, string? Email, string FirstName, string LastName, string Phone, string? TimeZone, DateTimeOffset? BouncedAt, string Source,
        DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, IReadOnlyList<ProfileGroup> Groups, IReadOnlyList<ProfileTag> Tags,
        IReadOnlyList<ProfileList> Lists, IReadOnlyList<NoteView> Notes, LastSeenView? LastSeen);

    /// <param name="Id">Null for fields in no group.</param>
    internal sealed record ProfileGroup(long? Id, string Name, IReadOnlyList<ProfileField> Fields);

    internal sealed record ProfileField(long Id, string Name, string Key, string Type, string? Value, IReadOnlyList<string> Options);

    internal sealed record ProfileTag(long Id, string Name, DateTimeOffset TaggedAt);

    internal sealed record ProfileList(
        long Id, string Name, SubscriptionStatus Status, DateTimeOffset? SubscribedAt, DateTimeOffset? UnsubscribedAt, string? Reason, string Source);

    private static async Task<Ok<ContactProfile>> Handle(long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return TypedResults.Ok(await ProfileAsync(work, account.Id, id, cancellationToken));
    }

    internal static async Task<ContactProfile> ProfileAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken)
    {
        var person = await Sql.Of($"""
            select email, first_name, last_name, phone, time_zone, bounced_at, source, created_at, updated_at
            from contacts.contact where account_id = {accountId} and id = {id}
            """).FirstAsync<Person>(work, cancellationToken) ?? throw new NotFoundException();
        var fields = await Sql.Of($"""
            select f.group_id, g.name, f.id, f.name, f.key, f.type, v.value,
                   array(select o.value from contacts.field_option o where o.account_id = f.account_id and o.field_id = f.id order by o.position, o.id)
            from contacts.field f
            left join contacts.field_group g on g.account_id = f.account_id and g.id = f.group_id
            left join contacts.field_value v on v.account_id = f.account_id and v.field_id = f.id and v.contact_id = {id}
            where f.account_id = {accountId}
            order by g.position nulls first, g.id, f.position, f.id
            """).ListAsync<FieldRow>(work, cancellationToken);
        var tags = await Sql.Of($"""
            select t.id, t.name, ct.tagged_at
            from contacts.contact_tag ct
            join contacts.tag t on t.account_id = ct.account_id and t.id = ct.tag_id
            where ct.account_id = {accountId} and ct.contact_id = {id}
            order by lower(t.name)
            """).ListAsync<ProfileTag>(work, cancellationToken);
        var lists = await Sql.Of($"""
            select l.id, l.name, s.status, s.subscribed_at, s.unsubscribed_at, s.reason, s.source
            from contacts.subscription s
            join contacts.list l on l.account_id = s.account_id and l.id = s.list_id
            where s.account_id = {accountId} and s.contact_id = {id}
            order by lower(l.name)
            """).ListAsync<ProfileList>(work, cancellationToken);
        var seen = await LastSeenView.FindAsync(work, accountId, id, cancellationToken);
        var notes = await NoteView.LatestAsync(work, accountId, id, limit: 50, cancellationToken);
        return new ContactProfile(
            id, ContactVersion.Of(person.UpdatedAt), person.Email, person.FirstName, person.LastName, person.Phone, person.TimeZone, person.BouncedAt,
            person.Source, person.CreatedAt, person.UpdatedAt,
            [.. fields.GroupBy(f => (f.GroupId, f.GroupName)).Select(g => new ProfileGroup(
                g.Key.GroupId, g.Key.GroupName ?? "General details",
                [.. g.Select(f => new ProfileField(f.Id, f.Name, f.Key, f.Type, f.Value, f.Options))]))],
            tags, lists, notes, seen);
    }

    private sealed record Person(
        string? Email, string FirstName, string LastName, string Phone, string? TimeZone, DateTimeOffset? BouncedAt, string Source,
        DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

    private sealed record FieldRow(long? GroupId, string? GroupName, long Id, string Name, string Key, string Type, string? Value, string[] Options);
}

using System.Collections.Concurrent;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Messaging.Personalization;
using Npgsql;

namespace Millrace.Messaging.Sending;

/// <summary>
/// Loads what the templates of a batch need of its contacts, in sets: only fields that some template names, tags only where a condition asks.
/// Reads the tables of Contacts directly, for nothing but a join is fast enough.
/// </summary>
internal static class Recipients
{
    private static readonly ConcurrentDictionary<string, TimeZoneInfo> Zones = new(StringComparer.Ordinal);

    public static async Task<RecipientFacts> LoadAsync(
        NpgsqlTransaction transaction, IReadOnlyList<(long AccountId, long ContactId, CompiledMessage Message)> wanted, CancellationToken cancellationToken)
    {
        var facts = new RecipientFacts();
        var names = wanted.SelectMany(w => w.Message.Fields).Distinct(StringComparer.Ordinal).ToArray();
        if (names.Length > 0)
        {
            await LoadFieldsAsync(transaction, [.. wanted.Where(w => w.Message.Fields.Count > 0)], names, facts, cancellationToken);
        }

        var tagged = wanted.Where(w => w.Message.NeedsTags).ToList();
        if (tagged.Count > 0)
        {
            var (accounts, contacts) = Columns(tagged);
            var tags = await Sql.Of($"""
                select t.account_id, t.contact_id, n.name from unnest({accounts}, {contacts}) as w (account_id, contact_id)
                join contacts.contact_tag t on t.account_id = w.account_id and t.contact_id = w.contact_id
                join contacts.tag n on n.account_id = t.account_id and n.id = t.tag_id
                """).ListAsync<Tag>(transaction, cancellationToken);
            foreach (var (account, contact, name) in tags)
            {
                facts.AddTag((account, contact), name);
            }
        }

        var placed = wanted.Where(w => w.Message.NeedsPlace).ToList();
        if (placed.Count > 0)
        {
            await LoadPlacesAsync(transaction, placed, facts, cancellationToken);
        }

        await RecipientPeople.LoadAsync(transaction, wanted, facts, cancellationToken);
        await RecipientSources.LoadAsync(transaction, wanted, facts, cancellationToken);
        await ShownParts.LoadAsync(transaction, wanted, facts, cancellationToken);
        return facts;
    }

    public static TimeZoneInfo Zone(string? contacts, string accounts) => Zones.GetOrAdd(
        string.IsNullOrEmpty(contacts) ? accounts : contacts,
        static id => TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : TimeZoneInfo.Utc);

    private static async Task LoadFieldsAsync(
        NpgsqlTransaction transaction, List<(long AccountId, long ContactId, CompiledMessage Message)> wanted, string[] names, RecipientFacts facts,
        CancellationToken cancellationToken)
    {
        var (accounts, contacts) = Columns(wanted);
        var fields = await Sql.Of($"""
            select v.account_id, v.contact_id, f.key, v.value from unnest({accounts}, {contacts}) as w (account_id, contact_id)
            join contacts.field f on f.account_id = w.account_id and f.key = any ({names})
            join contacts.field_value v on v.account_id = w.account_id and v.contact_id = w.contact_id and v.field_id = f.id
            """).ListAsync<Field>(transaction, cancellationToken);
        foreach (var (account, contact, key, value) in fields)
        {
            // Several choices are stored as ||a||b||.
            var shown = value.StartsWith("||", StringComparison.Ordinal)
                ? string.Join(", ", value.Split("||", StringSplitOptions.RemoveEmptyEntries))
                : value;
            facts.AddField((account, contact), key, shown);
        }
    }

    private static async Task LoadPlacesAsync(
        NpgsqlTransaction transaction, List<(long AccountId, long ContactId, CompiledMessage Message)> wanted, RecipientFacts facts, CancellationToken cancellationToken)
    {
        var (accounts, contacts) = Columns(wanted);
        var places = await Sql.Of($"""
            select l.account_id, l.contact_id, l.country, l.region, l.city, l.postal_code from unnest({accounts}, {contacts}) as w (account_id, contact_id)
            join contacts.last_seen l on l.account_id = w.account_id and l.contact_id = w.contact_id
            """).ListAsync<Seen>(transaction, cancellationToken);
        foreach (var seen in places)
        {
            facts.SetPlace((seen.AccountId, seen.ContactId), new(seen.Country is { } code ? CountryNames.Of(code) : null, seen.Region, seen.City, seen.PostalCode));
        }
    }

    internal static (long[] Accounts, long[] Contacts) Columns(IEnumerable<(long AccountId, long ContactId, CompiledMessage Message)> wanted)
    {
        var distinct = wanted.Select(w => (w.AccountId, w.ContactId)).Distinct().ToList();
        return ([.. distinct.Select(d => d.AccountId)], [.. distinct.Select(d => d.ContactId)]);
    }

    private sealed record Field(long AccountId, long ContactId, string Key, string Value);

    private sealed record Seen(long AccountId, long ContactId, string? Country, string? Region, string? City, string? PostalCode);

    private sealed record Tag(long AccountId, long ContactId, string Name);
}

/// <summary>Field values, tags and places by contact.</summary>
internal sealed class RecipientFacts
{
    private static readonly IReadOnlyDictionary<string, string> NoFields = new Dictionary<string, string>(StringComparer.Ordinal);
    private static readonly IReadOnlySet<string> NoTags = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<(long, long), Dictionary<string, string>> _fields = [];
    private readonly Dictionary<(long, long), HashSet<string>> _tags = [];
    private readonly Dictionary<(long, long), RecipientPlace> _places = [];

    private readonly Dictionary<(long, long), HashSet<string>> _lists = [];
    private readonly Dictionary<(long, long), RecipientOwner> _owners = [];
    private readonly Dictionary<(long, long, long), (string Name, DateTimeOffset? At)> _subscriptions = [];
    private readonly Dictionary<(long, string), HashSet<long>> _shown = [];

    /// <summary>What stands above the forwarded mails of the batch.</summary>
    public IReadOnlyDictionary<(long Account, long Forward), Sharing.ForwardNote> Forwards { private get; set; } = new Dictionary<(long, long), Sharing.ForwardNote>();

    public Sharing.ForwardNote? ForwardOf(long accountId, long forwardId) => Forwards.GetValueOrDefault((accountId, forwardId));

    public IReadOnlySet<string> ListsOf(long accountId, long contactId) => _lists.GetValueOrDefault((accountId, contactId)) ?? NoTags;

    public RecipientOwner? OwnerOf(long accountId, long contactId) => _owners.GetValueOrDefault((accountId, contactId));

    /// <summary>The list a mail goes to: the first of the mail's own the contact is on, else the one joined last.</summary>
    public (string Name, DateTimeOffset? At)? SubscriptionOf(long accountId, long contactId, long[]? listIds)
    {
        foreach (var listId in listIds ?? [])
        {
            if (_subscriptions.TryGetValue((accountId, contactId, listId), out var own))
            {
                return own;
            }
        }

        return _subscriptions.TryGetValue((accountId, contactId, 0), out var last) ? last : null;
    }

    /// <summary>Whether a condition tree holds for the contact.</summary>
    public bool Shows(long accountId, string tree, long contactId) => _shown.TryGetValue((accountId, tree), out var matching) && matching.Contains(contactId);

    public void SetShown(long accountId, string tree, HashSet<long> matching) => _shown[(accountId, tree)] = matching;

    public void SetOwner((long, long) contact, RecipientOwner owner) => _owners[contact] = owner;

    public void AddSubscription((long Account, long Contact) contact, long listId, string name, DateTimeOffset? at)
    {
        _subscriptions[(contact.Account, contact.Contact, listId)] = (name, at);
        if (!_subscriptions.TryGetValue((contact.Account, contact.Contact, 0), out var last) || (at ?? DateTimeOffset.MinValue) >= (last.At ?? DateTimeOffset.MinValue))
        {
            _subscriptions[(contact.Account, contact.Contact, 0)] = (name, at);
        }

        if (!_lists.TryGetValue(contact, out var lists))
        {
            _lists[contact] = lists = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        }

        lists.Add(name);
    }

    public IReadOnlyDictionary<string, string> FieldsOf(long accountId, long contactId) => _fields.GetValueOrDefault((accountId, contactId)) ?? NoFields;

    public IReadOnlySet<string> TagsOf(long accountId, long contactId) => _tags.GetValueOrDefault((accountId, contactId)) ?? NoTags;

    public RecipientPlace? PlaceOf(long accountId, long contactId) => _places.GetValueOrDefault((accountId, contactId));

    public void SetPlace((long, long) contact, RecipientPlace place) => _places[contact] = place;

    public void AddField((long, long) contact, string key, string value)
    {
        if (!_fields.TryGetValue(contact, out var fields))
        {
            _fields[contact] = fields = new Dictionary<string, string>(StringComparer.Ordinal);
        }

        fields[key] = value;
    }

    public void AddTag((long, long) contact, string name)
    {
        if (!_tags.TryGetValue(contact, out var tags))
        {
            _tags[contact] = tags = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        }

        tags.Add(name);
    }
}

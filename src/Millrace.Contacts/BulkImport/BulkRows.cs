using Millrace.Contacts.Contracts;
using Millrace.Contacts.Fields;
using Millrace.Contacts.Import;
using Millrace.Contacts.People;
using Millrace.Kernel.Errors;

namespace Millrace.Contacts.BulkImport;

/// <summary>Contacts of a request that go to the import's writer together: the same tags, the same lists, and no address twice.</summary>
internal sealed record BulkGroup(string[] Tags, long[] Lists, bool IsQuiet, ImportBatch Batch);

/// <summary>A contact that was not taken.</summary>
internal sealed record BulkRefusal(string Email, string Reason);

/// <summary>Parses and checks the contacts of a request. An address that occurs again comes into a later group, so it changes what the earlier one made.</summary>
internal sealed class BulkRows(IReadOnlyDictionary<long, FieldDefinition> fields, TimeZoneInfo zone)
{
    private readonly Dictionary<string, BulkGroup> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _rounds = new(StringComparer.Ordinal);

    /// <summary>In the order in which they have to be written.</summary>
    public IEnumerable<BulkGroup> Groups => _groups.Values;

    /// <summary>Addresses taken, in the order of the request.</summary>
    public List<string> Emails { get; } = [];

    public List<BulkRefusal> Refused { get; } = [];

    public List<(string Email, long ListId, bool IsQuiet)> Unsubscribed { get; } = [];

    public void Add(BulkContact contact)
    {
        try
        {
            var email = EmailAddress.Normalise(contact.Email!, "email");
            var (first, last) = (Line(contact.FirstName, "first_name"), Line(contact.LastName, "last_name"));
            var phone = string.IsNullOrWhiteSpace(contact.Phone) ? null : PersonText.Phone(contact.Phone, "phone");
            var values = Values(contact).ToList();

            var batch = GroupOf(contact, email).Batch;
            var at = batch.Emails.Count;
            batch.Emails.Add(email);
            batch.FirstNames.Add(first);
            batch.LastNames.Add(last);
            batch.Phones.Add(phone);
            batch.TimeZones.Add(null);
            batch.Lines.Add(Emails.Count + 1);
            batch.Values.AddRange(values.Select(v => new BatchValue(at, v.FieldId, v.Value)));
            Unsubscribed.AddRange((contact.Unsubscribe ?? []).Select(l => (email, l!.Listid.Value, contact.IsQuiet)));
            Emails.Add(email);
        }
        catch (DomainException e)
        {
            Refused.Add(new BulkRefusal(contact.Email!.Trim(), e.Message));
        }
    }

    private BulkGroup GroupOf(BulkContact contact, string email)
    {
        var tags = (contact.Tags ?? []).Select(t => t!.Trim()).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase).ToArray();
        var lists = (contact.Subscribe ?? []).Select(l => l!.Listid.Value).Distinct().Order().ToArray();
        var round = _rounds[email] = _rounds.GetValueOrDefault(email) + 1;
        var key = string.Join('\n', [FormattableString.Invariant($"{round:D3} {contact.IsQuiet}"), string.Join(',', lists), .. tags.Select(t => t.ToUpperInvariant())]);
        if (!_groups.TryGetValue(key, out var group))
        {
            _groups[key] = group = new BulkGroup(tags, lists, contact.IsQuiet, new ImportBatch(0));
        }

        return group;
    }

    /// <summary>An empty text leaves what is there, as an empty cell of a file does.</summary>
    private static string? Line(string? text, string path) => string.IsNullOrWhiteSpace(text) ? null : PersonText.Line(text, PersonText.MaxName, path);

    private IEnumerable<(long FieldId, FieldValue Value)> Values(BulkContact contact)
    {
        // The last one of a field sent twice wins; a field that is not there is passed over.
        foreach (var field in (contact.Fields ?? []).GroupBy(f => f!.Id.Value).Select(g => g.Last()!))
        {
            if (string.IsNullOrEmpty(field.Value) || !fields.TryGetValue(field.Id, out var definition))
            {
                continue;
            }

            yield return FieldValueParser.TryParse(definition, field.Value, zone, out var value, out var problem)
                ? (definition.Id, value)
                : throw new InvalidInputException($"fields/{definition.Id}", "field_invalid", $"{definition.Name}: {problem}");
        }
    }
}

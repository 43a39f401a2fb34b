using Millrace.Kernel.Data;

namespace Millrace.Contacts.Fields;

/// <summary>Field values column by column, as parameters of one statement.</summary>
internal sealed class ValueColumns(int capacity)
{
    private readonly List<long> _contactIds = new(capacity);
    private readonly List<long> _fieldIds = new(capacity);
    private readonly List<string?> _texts = new(capacity);
    private readonly List<decimal?> _numbers = new(capacity);
    private readonly List<DateTimeOffset?> _instants = new(capacity);
    private readonly List<short> _choices = new(capacity);

    public int Count => _contactIds.Count;

    public void Add(long contactId, long fieldId, FieldValue value)
    {
        _contactIds.Add(contactId);
        _fieldIds.Add(fieldId);
        _texts.Add(value.Text);
        _numbers.Add(value.Number);
        _instants.Add(value.Instant);
        // The text of many choices stands between bars; that of one is the choice itself.
        _choices.Add((short)(value.Choices is null ? 0 : value.Choices is [var only] && only == value.Text ? 1 : 2));
    }

    /// <summary>A select of <c>contact_id, field_id, value, number, instant, choices</c>. Arrays of arrays must be rectangular, so choices travel as text.</summary>
    public Sql Rows() => Sql.Of($"""
        select u.contact_id, u.field_id, u.value, u.number, u.instant,
               case u.choices when 1 then array[u.value] when 2 then string_to_array(substring(u.value from 3 for length(u.value) - 4), '||') end as choices
        from unnest({_contactIds.ToArray()}, {_fieldIds.ToArray()}, {_texts.ToArray()}, {_numbers.ToArray()}, {_instants.ToArray()}, {_choices.ToArray()})
             as u (contact_id, field_id, value, number, instant, choices)
        """);
}

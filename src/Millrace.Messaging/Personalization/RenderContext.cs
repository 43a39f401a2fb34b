namespace Millrace.Messaging.Personalization;

/// <summary>Writes the per-recipient tracking URLs straight into the mail.</summary>
internal interface ITrackingUrls
{
    /// <summary>The click URL of one link of the table; needs no encoding in HTML.</summary>
    void WriteClick(int linkNo, TextBuffer output);

    /// <summary>The URL of the open pixel.</summary>
    void WriteOpen(TextBuffer output);
}

/// <summary>What a program needs of one recipient.</summary>
/// <param name="Values">By slot number of the <see cref="SlotTable"/> the program was compiled with.</param>
/// <param name="Tags">Names of the contact's tags, in a set that compares without case.</param>
/// <param name="Tracking">Null in previews: the link placeholders then render empty.</param>
internal readonly record struct RenderContext(string?[] Values, IReadOnlySet<string> Tags, ITrackingUrls? Tracking = null);

/// <summary>The tags that the programs of one message need; one table serves subject, bodies and links.</summary>
internal sealed class SlotTable
{
    private readonly List<string> _names = [];

    /// <summary>By slot number.</summary>
    public IReadOnlyList<string> Names => _names;

    public int SlotOf(string name)
    {
        var slot = _names.IndexOf(name);
        if (slot < 0)
        {
            slot = _names.Count;
            _names.Add(name);
        }

        return slot;
    }

    /// <summary>Fills <paramref name="values"/> (at least as long as <see cref="Names"/>) for one recipient.</summary>
    public void Resolve(ITagCatalogue catalogue, RecipientData recipient, string?[] values)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        ArgumentNullException.ThrowIfNull(values);
        for (var slot = 0; slot < _names.Count; slot++)
        {
            values[slot] = catalogue.Resolve(_names[slot], recipient);
        }
    }
}

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
internal readonly record struct RenderContext(string?[] Values, IReadOnlySet<string> Tags, ITrackingUrls? Tracking = null)
{
    /// <summary>Names of the lists the contact is active on, in a set that compares without case; null is none.</summary>
    public IReadOnlySet<string>? Lists { get; init; }

    /// <summary>Stands where neither a value nor a fallback is; null: nothing.</summary>
    public string? Missing { get; init; }

    /// <summary>Bit n-1 says whether the message's condition tree n holds for the contact.</summary>
    public ulong Shown { get; init; }
}

/// <summary>The tags that the programs of one message need; one table serves subject, bodies and links.</summary>
internal sealed class SlotTable
{
    private readonly List<string> _names = [];
    private PersonalizationTag?[]? _resolvers;

    /// <summary>By slot number.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>How many condition trees the message has: <c>SHOW:1</c> to <c>SHOW:n</c> may be asked.</summary>
    public int Trees { get; init; }

    /// <summary>Some condition asks for the contact's tags.</summary>
    public bool UsesTags { get; set; }

    /// <summary>Some condition asks for the contact's lists.</summary>
    public bool UsesLists { get; set; }

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

        // A table is filled by compiling and then only read, from many threads; whoever comes first looks the resolvers up.
        var resolvers = _resolvers is { } known && known.Length == _names.Count ? known : _resolvers = [.. _names.Select(catalogue.Resolver)];
        for (var slot = 0; slot < resolvers.Length; slot++)
        {
            values[slot] = resolvers[slot] is { } tag ? tag.Resolve(recipient) : recipient.Fields.GetValueOrDefault(_names[slot]);
        }
    }
}

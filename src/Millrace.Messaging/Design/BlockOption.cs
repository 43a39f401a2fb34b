namespace Millrace.Messaging.Design;

/// <summary>Describes one option of a block, for the check and for the editor's inspector.</summary>
/// <param name="Type">text, long_text, rich_text, template, integer, choice, switch, colour, url, image, html or list.</param>
internal sealed record BlockOption(string Key, string Label, string Type)
{
    public string? Help { get; init; }

    public bool Required { get; init; }

    public string? Default { get; init; }

    /// <summary>Least and most of an integer.</summary>
    public int Least { get; init; }

    public int Most { get; init; } = 1000;

    /// <summary>Shown only when another option has this value, written <c>key=value</c>.</summary>
    public string? VisibleWhen { get; init; }

    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>Options of each item of a list.</summary>
    public IReadOnlyList<BlockOption>? Fields { get; init; }

    public static BlockOption Align(string by = "left") => new("align", "Alignment", "choice") { Choices = ["left", "center", "right"], Default = by };
}

/// <summary>A block kind as the catalogue lists it.</summary>
internal sealed record BlockDescription(string Key, string Title, string Group, IReadOnlyList<BlockOption> Options);

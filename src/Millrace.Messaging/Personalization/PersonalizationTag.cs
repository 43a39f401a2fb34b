namespace Millrace.Messaging.Personalization;

/// <summary>What a tag's value is, which decides the formats it takes and the places it may stand in.</summary>
internal enum TagType
{
    Text,

    /// <summary>Line ends become line breaks in HTML.</summary>
    MultiLine,

    /// <summary>ISO 8601 date or time; takes arithmetic and formats.</summary>
    Date,

    /// <summary>A whole URL made by us; the only value that may be a link by itself.</summary>
    Link,
}

/// <summary>Marks a <see cref="PersonalizationTag"/>; found by the scan.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class PersonalizationTagAttribute(string name) : Attribute
{
    /// <summary>Upper case, as written between the percent signs.</summary>
    public string Name { get; } = name;

    public required string Title { get; init; }

    public required string Group { get; init; }

    public required string Example { get; init; }

    public TagType Type { get; init; }
}

/// <summary>One tag: how its value comes from what is known of the recipient. Stateless.</summary>
internal abstract class PersonalizationTag
{
    /// <summary>Null or empty means no value, so the fallback applies.</summary>
    public abstract string? Resolve(RecipientData recipient);
}

/// <summary>A tag as the catalogue lists it.</summary>
/// <param name="Default">Used when the recipient has no value and the template names no fallback.</param>
internal sealed record TagDefinition(string Name, string Title, string Group, string Example, TagType Type, string? Default = null);

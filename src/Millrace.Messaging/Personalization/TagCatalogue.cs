using System.Collections.Frozen;
using System.Reflection;

namespace Millrace.Messaging.Personalization;

/// <summary>The tags a template may use.</summary>
internal interface ITagCatalogue
{
    /// <summary>Null when no such tag exists.</summary>
    TagDefinition? Find(string name);

    /// <summary>The recipient's value, null or empty when there is none. Unknown names have no value.</summary>
    string? Resolve(string name, RecipientData recipient);
}

/// <summary>A custom field as a tag.</summary>
/// <param name="Key">The field's personalization key, upper snake case.</param>
internal sealed record FieldTag(string Key, string Title, TagType Type = TagType.Text, string? Default = null);

/// <summary>Tags found by the scan plus the custom fields of one account. Immutable; cheap to make per campaign.</summary>
internal sealed class TagCatalogue : ITagCatalogue
{
    private static readonly FrozenDictionary<string, (TagDefinition Definition, PersonalizationTag Tag)> BuiltIn =
        Scan([typeof(TagCatalogue).Assembly]);

    private readonly Dictionary<string, TagDefinition> _fields = new(StringComparer.Ordinal);

    /// <summary>A field whose key is also a built-in tag's name is hidden by that tag.</summary>
    public TagCatalogue(IEnumerable<FieldTag>? fields = null)
    {
        foreach (var field in fields ?? [])
        {
            _fields[field.Key] = new(field.Key, field.Title, "Custom fields", field.Default ?? "", field.Type, field.Default);
        }
    }

    /// <summary>All tags, for the editor's menu.</summary>
    public IEnumerable<TagDefinition> All => [.. BuiltIn.Values.Select(t => t.Definition), .. _fields.Values.Where(f => !BuiltIn.ContainsKey(f.Name))];

    public TagDefinition? Find(string name) =>
        BuiltIn.TryGetValue(name, out var tag) ? tag.Definition : _fields.GetValueOrDefault(name);

    public string? Resolve(string name, RecipientData recipient)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        return BuiltIn.TryGetValue(name, out var tag) ? tag.Tag.Resolve(recipient) : recipient.Fields.GetValueOrDefault(name);
    }

    private static FrozenDictionary<string, (TagDefinition, PersonalizationTag)> Scan(IEnumerable<Assembly> assemblies) => (
        from assembly in assemblies
        from type in assembly.GetTypes()
        let mark = type.GetCustomAttribute<PersonalizationTagAttribute>()
        where mark is not null
        select (
            Definition: new TagDefinition(mark.Name, mark.Title, mark.Group, mark.Example, mark.Type),
            Tag: (PersonalizationTag)Activator.CreateInstance(type)!))
        .ToFrozenDictionary(t => t.Definition.Name, t => (t.Definition, t.Tag), StringComparer.Ordinal);
}

using System.Collections.Frozen;
using System.Reflection;
using Millrace.Kernel.Extensibility;

namespace Millrace.Messaging.Personalization;

/// <summary>The tags a template may use.</summary>
internal interface ITagCatalogue
{
    /// <summary>Names of all tags, message variables included.</summary>
    IEnumerable<string> Names { get; }

    /// <summary>Null when no such tag exists.</summary>
    TagDefinition? Find(string name);

    /// <summary>The message variable of that name, null when the name is none or another tag's.</summary>
    MessageVariable? Variable(string name);

    /// <summary>The recipient's value, null or empty when there is none. Unknown names have no value.</summary>
    string? Resolve(string name, RecipientData recipient);

    /// <summary>What makes the value of the tag; null where it is looked up among the recipient's fields.</summary>
    PersonalizationTag? Resolver(string name);
}

/// <summary>A custom field as a tag.</summary>
/// <param name="Key">The field's personalization key, upper snake case.</param>
internal sealed record FieldTag(string Key, string Title, TagType Type = TagType.Text, string? Default = null);

/// <summary>A snippet of an account, written once and used like a tag.</summary>
/// <param name="Content">Text in which other tags may stand.</param>
internal sealed record MessageVariable(string Tag, string Name, string Content);

/// <summary>
/// Tags found by the scan, and those of one account: its message variables, its custom fields, what other modules add. Where names are the same the first
/// of these wins. Immutable; cheap to make per campaign.
/// </summary>
internal sealed class TagCatalogue : ITagCatalogue
{
    public const string FieldGroup = "Custom fields";
    public const string VariableGroup = "Message variables";

    private static readonly FrozenDictionary<string, (TagDefinition Definition, PersonalizationTag Tag)> BuiltIn =
        Scan([typeof(TagCatalogue).Assembly]);

    private readonly Dictionary<string, TagDefinition> _own = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MessageVariable> _variables = new(StringComparer.Ordinal);
    private readonly List<(ITagSource Source, string[] Names)> _sources = [];

    public TagCatalogue(
        IEnumerable<FieldTag>? fields = null, IEnumerable<MessageVariable>? variables = null,
        IEnumerable<(ITagSource Source, IReadOnlyList<SourceTag> Tags)>? sources = null)
    {
        foreach (var variable in variables ?? [])
        {
            if (Add(new(variable.Tag, variable.Name, VariableGroup, Shortened(variable.Content), TagType.Text)))
            {
                _variables[variable.Tag] = variable;
            }
        }

        foreach (var field in fields ?? [])
        {
            Add(new(field.Key, field.Title, FieldGroup, field.Default ?? "", field.Type, field.Default));
        }

        foreach (var (source, tags) in sources ?? [])
        {
            _sources.Add((source, [.. tags.Where(t => Add(new(t.Name, t.Title, t.Group, t.Example, TypeOf(t.Type), t.Default))).Select(t => t.Name)]));
        }
    }

    /// <summary>All tags, for the editor's menu.</summary>
    public IEnumerable<TagDefinition> All => [.. BuiltIn.Values.Select(t => t.Definition), .. _own.Values];

    public IEnumerable<string> Names => BuiltIn.Keys.Concat(_own.Keys);

    /// <summary>Other modules with the tags they fill.</summary>
    public IReadOnlyList<(ITagSource Source, string[] Names)> Sources => _sources;

    /// <summary>Whether the product itself has a tag of this name, which nobody can take.</summary>
    public static bool IsBuiltIn(string name) => BuiltIn.ContainsKey(name);

    public TagDefinition? Find(string name) =>
        BuiltIn.TryGetValue(name, out var tag) ? tag.Definition : _own.GetValueOrDefault(name);

    public MessageVariable? Variable(string name) => _variables.GetValueOrDefault(name);

    public PersonalizationTag? Resolver(string name) => BuiltIn.TryGetValue(name, out var tag) ? tag.Tag : null;

    public string? Resolve(string name, RecipientData recipient)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        return Resolver(name) is { } tag ? tag.Resolve(recipient) : recipient.Fields.GetValueOrDefault(name);
    }

    private bool Add(TagDefinition tag) => !BuiltIn.ContainsKey(tag.Name) && _own.TryAdd(tag.Name, tag);

    private static string Shortened(string content) => content.Length > 60 ? content[..59] + "…" : content;

    private static TagType TypeOf(SourceTagType type) => type switch
    {
        SourceTagType.Date => TagType.Date,
        SourceTagType.MultiLine => TagType.MultiLine,
        _ => TagType.Text,
    };

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

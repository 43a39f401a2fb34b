using System.Collections;
using System.Collections.Concurrent;
using System.ComponentModel;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Kernel.Json;

namespace Millrace.Kernel.Extensibility;

/// <summary>What a settings record looks like from outside; found out once per type. Unknown to the database, known to forms, documents and checks.</summary>
public sealed class SettingsShape
{
    private static readonly ConcurrentDictionary<Type, SettingsShape> Shapes = new();
    private readonly Dictionary<string, SettingsMember> _byKey;

    private SettingsShape(Type type)
    {
        Type = type;
        var sample = Sample(type);
        Members = [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanWrite && p.GetIndexParameters().Length == 0).Select(p => new SettingsMember(p, sample))];
        _byKey = Members.ToDictionary(m => m.Key, StringComparer.Ordinal);
    }

    public Type Type { get; }

    public IReadOnlyList<SettingsMember> Members { get; }

    /// <summary>The form, without what only the server writes.</summary>
    public IReadOnlyList<SettingsOption> Options => field ??= [.. Members.Where(m => !m.IsHidden).Select(m => m.Describe())];

    public static SettingsShape Of(Type type) => Shapes.GetOrAdd(type, static t => new SettingsShape(t));

    public SettingsMember? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>Defaults come from the record's own initialisers.</summary>
    private static object? Sample(Type type)
    {
        try
        {
            return type.GetConstructor(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance, [])?.Invoke(null);
        }
        catch (TargetInvocationException)
        {
            return null;
        }
    }
}

/// <summary>One member of a settings record.</summary>
public sealed class SettingsMember
{
    private readonly object? _default;

    internal SettingsMember(PropertyInfo property, object? sample)
    {
        Property = property;
        Key = JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
        IsRequired = property.GetCustomAttribute<RequiredMemberAttribute>() is not null;
        Source = property.GetCustomAttribute<PickerAttribute>()?.Source;
        IsConditions = property.GetCustomAttribute<ConditionsAttribute>() is not null;
        IsStep = property.GetCustomAttribute<StepReferenceAttribute>() is not null;
        IsDuration = property.GetCustomAttribute<DurationAttribute>() is not null;
        IsHidden = property.GetCustomAttribute<HiddenAttribute>() is not null;
        Choices = property.GetCustomAttribute<ChoicesAttribute>()?.Values;
        MaxCharacters = property.GetCustomAttribute<MaxCharactersAttribute>()?.Limit;
        Element = ElementOf(property.PropertyType);
        var plain = Plain(Element ?? property.PropertyType);
        Group = IsRecord(plain) ? plain : null;
        _default = sample is null ? null : property.GetValue(sample);
    }

    public PropertyInfo Property { get; }

    public string Key { get; }

    /// <summary>What forms call it.</summary>
    public string Label => Property.GetCustomAttribute<LabelAttribute>()?.Text ?? Words(Key);

    public bool IsRequired { get; }

    public string? Source { get; }

    public bool IsConditions { get; }

    public bool IsStep { get; }

    public bool IsDuration { get; }

    /// <summary>Written by the server when an automation is published; refused in drafts and documents.</summary>
    public bool IsHidden { get; }

    public IReadOnlyList<string>? Choices { get; }

    public int? MaxCharacters { get; }

    /// <summary>Type of the items when the member holds a list.</summary>
    public Type? Element { get; }

    /// <summary>The inner record of a group or of a list of groups.</summary>
    public Type? Group { get; }

    internal SettingsOption Describe()
    {
        var when = Property.GetCustomAttribute<ShowWhenAttribute>();
        var plain = Plain(Element ?? Property.PropertyType);
        return new SettingsOption(
            Key,
            Label,
            TypeName(plain),
            IsRequired,
            Property.GetCustomAttribute<DescriptionAttribute>()?.Description,
            DefaultJson(),
            when is null ? null : new SettingsVisibility(when.Option, when.Values),
            Source,
            Element is not null && Group is null,
            ChoicesOf(plain),
            MaxCharacters,
            Group is null ? null : SettingsShape.Of(Group).Options,
            Property.GetCustomAttribute<SaysAttribute>()?.Text);
    }

    private List<SettingsChoice>? ChoicesOf(Type plain)
    {
        if (Choices is not null)
        {
            return [.. Choices.Select(v => new SettingsChoice(v, Words(v)))];
        }

        return !plain.IsEnum ? null : [.. Enum.GetNames(plain).Select(name =>
        {
            var value = JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
            return new SettingsChoice(value, plain.GetField(name)?.GetCustomAttribute<LabelAttribute>()?.Text ?? Words(value));
        })];
    }

    private JsonElement? DefaultJson()
    {
        if (IsRequired || _default is null or JsonElement { ValueKind: JsonValueKind.Undefined } || Plain(Property.PropertyType) is var t && t == typeof(JsonElement))
        {
            return null;
        }

        return JsonSerializer.SerializeToElement(_default, Property.PropertyType, AppJson.Options);
    }

    private string TypeName(Type plain) => this switch
    {
        _ when Property.GetCustomAttribute<EditorAttribute>() is { } editor => editor.Type,
        { Source: not null } => "reference",
        { IsConditions: true } => "condition",
        { IsStep: true } => "step",
        { IsDuration: true } => "duration",
        { Group: not null } => Element is null ? "group" : "many",
        _ when Choices is not null || plain.IsEnum => "choice",
        _ when Property.GetCustomAttribute<TemplateAttribute>() is { } template => template.Long ? "long_template" : "template",
        _ when plain == typeof(bool) => "switch",
        _ when plain == typeof(int) || plain == typeof(long) || plain == typeof(short) => "integer",
        _ when plain == typeof(decimal) || plain == typeof(double) => "number",
        _ when plain == typeof(DateOnly) => "date",
        _ when plain == typeof(TimeOnly) => "time",
        _ when plain == typeof(DateTimeOffset) => "datetime",
        _ when plain == typeof(Uri) => "url",
        _ when typeof(IDictionary).IsAssignableFrom(plain) || IsMap(plain) => "map",
        _ when plain == typeof(JsonElement) || typeof(JsonNode).IsAssignableFrom(plain) => "json",
        _ => "text",
    };

    private static string Words(string key) => key switch
    {
        "" => key,
        "html" or "url" => key.ToUpperInvariant(),
        "urls" => "URLs",
        _ => char.ToUpperInvariant(key[0]) + key[1..].Replace('_', ' '),
    };

    private static Type Plain(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    private static bool IsMap(Type type) => type.IsGenericType
        && (type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) || type.GetGenericTypeDefinition() == typeof(IDictionary<,>));

    private static bool IsRecord(Type type) => type is { IsClass: true, IsAbstract: false } && type.GetMethod("<Clone>$") is not null;

    private static Type? ElementOf(Type type)
    {
        if (type == typeof(string) || typeof(JsonNode).IsAssignableFrom(type) || IsMap(type) || typeof(IDictionary).IsAssignableFrom(type))
        {
            return null;
        }

        return type.IsArray
            ? type.GetElementType()
            : type.GetInterfaces().Append(type).FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>))
                ?.GetGenericArguments()[0];
    }
}

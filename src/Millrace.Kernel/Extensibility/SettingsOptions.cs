using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Kernel.Extensibility;

/// <summary>One option of a settings record, as forms are drawn from it.</summary>
/// <param name="Key">Member name in documents, snake_case.</param>
/// <param name="Label">Sentence case.</param>
/// <param name="Type">
/// <c>text long_text template number integer duration date datetime time switch choice many json reference condition step map group</c>, or the name of an own editor.
/// </param>
/// <param name="Many">Holds a list of them.</param>
/// <param name="Source">For <c>reference</c>: key of the <see cref="ReferenceSource"/>.</param>
/// <param name="Says">What a card says of it: <c>{}</c> is its own value, <c>{key}</c> that of another option; empty: nothing; null: the bare value.</param>
/// <param name="Options">For <c>group</c> and <c>many</c>: the options of the inner record.</param>
public sealed record SettingsOption(
    string Key,
    string Label,
    string Type,
    bool Required,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Help = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? Default = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SettingsVisibility? VisibleWhen = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Source = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Many = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<SettingsChoice>? Choices = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? MaxLength = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<SettingsOption>? Options = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Says = null);

/// <summary>Shown only while another option has one of these values.</summary>
public sealed record SettingsVisibility(string Key, IReadOnlyList<string> In);

public sealed record SettingsChoice(string Value, string Label);

namespace Millrace.Kernel.Extensibility;

/// <summary>The option holds the id of a thing chosen from a list: <c>tag</c>, <c>list</c>, <c>field</c>, <c>user</c>, <c>automation</c> ... In documents it travels as a name.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PickerAttribute(string source) : Attribute
{
    /// <summary>Key of the <see cref="ReferenceSource"/>.</summary>
    public string Source { get; } = source;
}

/// <summary>The option is text in which personalization tags work.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TemplateAttribute : Attribute
{
    /// <summary>Many lines.</summary>
    public bool Long { get; init; }
}

/// <summary>The option is an ISO 8601 duration such as <c>P2D</c> or <c>PT30M</c>, longer than zero.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DurationAttribute : Attribute;

/// <summary>What the form calls the option, or one of its values (on an enum's member); without it the key in words.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class LabelAttribute(string text) : Attribute
{
    public string Text { get; } = text;
}

/// <summary>
/// What the card on the canvas says of the option: <c>{}</c> is its own value, <c>{key}</c> that of another, which then says nothing by itself.
/// Empty: nothing. Without it the card says the bare value.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SaysAttribute(string text) : Attribute
{
    public string Text { get; } = text;
}

/// <summary>The option is a condition tree over a contact.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ConditionsAttribute : Attribute;

/// <summary>The option names another step of the same automation.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class StepReferenceAttribute : Attribute;

/// <summary>The option takes one of these values.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ChoicesAttribute(params string[] values) : Attribute
{
    public IReadOnlyList<string> Values { get; } = values;
}

/// <summary>The option has its own editor in the UI, for example <c>email_design</c> or <c>url</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EditorAttribute(string type) : Attribute
{
    public string Type { get; } = type;
}

/// <summary>The form shows the option only while another option has one of these values.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ShowWhenAttribute(string option, params string[] values) : Attribute
{
    public string Option { get; } = option;

    public IReadOnlyList<string> Values { get; } = values;
}

/// <summary>Length limit of a text option, in characters.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MaxCharactersAttribute(int limit) : Attribute
{
    public int Limit { get; } = limit;
}

/// <summary>Written by <see cref="AutomationAction.PublishAsync"/> into the published version; unknown to forms, drafts and documents.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class HiddenAttribute : Attribute;

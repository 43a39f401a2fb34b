namespace Millrace.Messaging.Personalization;

/// <summary>Where the rendered text goes; decides how merged values are encoded.</summary>
internal enum TemplateKind
{
    /// <summary>A mail body: values are encoded for text, attribute or URL, by the place they stand in.</summary>
    Html,

    /// <summary>A text part: values go in as they are.</summary>
    Text,

    /// <summary>Subject, preheader or display name: one line, no control and no direction characters.</summary>
    Header,

    /// <summary>A whole link: values are percent-encoded and never reach scheme, host or port.</summary>
    Url,
}

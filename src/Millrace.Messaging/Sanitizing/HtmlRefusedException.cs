namespace Millrace.Messaging.Sanitizing;

/// <summary>HTML that cannot be accepted: <c>html_too_large</c>, <c>html_too_complex</c> or <c>html_unstable</c> (422).</summary>
internal sealed class HtmlRefusedException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}

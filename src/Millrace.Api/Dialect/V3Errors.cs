using Millrace.Kernel.Errors;

namespace Millrace.Api.Dialect;

/// <summary>Error shapes of v3: <c>{"errors":[{title, detail, code, source.pointer}]}</c> for 422, <c>{"message"}</c> for everything else.</summary>
public static class V3Errors
{
    public static readonly ErrorDialect Dialect = new("application/json", static (e, _) => e switch
    {
        InvalidInputException invalid => new ErrorList([.. invalid.Errors.Select(f =>
            new ErrorItem(f.Message, string.Empty, f.Code, f.Code == "email_invalid" ? "must_be_valid_email_address" : f.Code, new ErrorSource(f.Path)))]),
        ConflictException conflict => new ErrorList([new ErrorItem(conflict.Message, string.Empty, conflict.Code, conflict.Code, new ErrorSource("/data/attributes"))]),
        _ => new ErrorMessage(e.Message),
    });

    /// <summary>404 with the text clients know: <c>No Result found for Tag with id 7</c>.</summary>
    /// <param name="model">The original's internal model name: <c>Subscriber</c>, <c>SubscriberTag</c>, <c>_List</c>, <c>Tag</c> ...</param>
    public static NotFoundException NoResult(string model, long id) => new($"No Result found for {model} with id {id}");

    /// <summary>422 with one error.</summary>
    /// <param name="attribute">Becomes <c>/data/attributes/...</c>.</param>
    public static InvalidInputException Invalid(string attribute, string code, string title) => new($"/data/attributes/{attribute}", code, title);

    internal sealed record ErrorList(IReadOnlyList<ErrorItem> Errors);

    internal sealed record ErrorItem(string Title, string Detail, string Code, string Error, ErrorSource Source);

    internal sealed record ErrorSource(string Pointer);

    internal sealed record ErrorMessage(string Message);
}

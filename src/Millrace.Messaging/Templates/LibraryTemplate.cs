using Millrace.Messaging.Design;

namespace Millrace.Messaging.Templates;

/// <summary>A template that comes with the product.</summary>
/// <param name="Key">Name of its file.</param>
/// <param name="File">What stands in it.</param>
/// <param name="DesignJson">Its design as the library holds it: pictures and the company's name not yet those of an account.</param>
/// <param name="Hash">Of the file and of the pictures it shows: moves whenever the template looks different.</param>
internal sealed record LibraryTemplate(string Key, LibraryFile File, string DesignJson, string Hash);

/// <summary>A file of the library.</summary>
internal sealed record LibraryFile
{
    public required string Name { get; init; }

    /// <summary>The folder it lies in.</summary>
    public required string Category { get; init; }

    /// <summary>What it is good for, in one or two sentences.</summary>
    public required string Description { get; init; }

    /// <summary>Words that people search for.</summary>
    public required IReadOnlyList<string> Uses { get; init; }

    public required string Subject { get; init; }

    public required string Preheader { get; init; }

    public required MailDesign Design { get; init; }
}

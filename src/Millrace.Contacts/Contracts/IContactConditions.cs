using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Contracts;

/// <summary>Condition trees as filters of contacts. Implemented by the module that knows conditions, which stands above this one.</summary>
public interface IContactConditions
{
    /// <summary>A boolean expression over the contact row <c>c</c>.</summary>
    /// <param name="tree">In its stored form.</param>
    /// <param name="pointer">JSON pointer of the tree inside the request; errors are told relative to it.</param>
    /// <exception cref="Kernel.Errors.InvalidInputException">The tree is not valid, or does not fit the account.</exception>
    Task<Sql> CompileAsync(AccountTransaction work, SegmentContext context, JsonElement tree, string pointer, CancellationToken cancellationToken);
}

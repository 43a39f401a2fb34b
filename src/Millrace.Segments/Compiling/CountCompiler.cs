using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Tree;

namespace Millrace.Segments.Compiling;

/// <summary>The statement that counts all contacts of an account for whom a tree holds.</summary>
internal static class CountCompiler
{
    public static Sql Compile(ConditionNode root, SegmentContext context) => Sql.Of($"""
        select count(*) from contacts.contact c where c.account_id = {context.AccountId} and {TreeCompiler.Compile(root, context)}
        """);
}

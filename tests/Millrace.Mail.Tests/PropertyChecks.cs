using FsCheck;

namespace Millrace.Mail.Tests;

internal static class PropertyChecks
{
    /// <summary>Runs a property and fails the test with the shrunk case and its seed.</summary>
    public static void Check(this Property property, int cases) =>
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(cases).WithQuietOnSuccess(true), property);
}

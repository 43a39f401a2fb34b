namespace Millrace.Automations.Definitions;

internal enum AutomationStatus
{
    /// <summary>Never published.</summary>
    Draft,

    Active,

    /// <summary>Nobody enters; who is inside stands still while the clocks of waits run on.</summary>
    Inactive,
}

/// <summary>How often a contact may be in the automation, over all triggers.</summary>
internal enum EntryRule
{
    /// <summary>As the triggers say.</summary>
    Any,

    /// <summary>One time ever.</summary>
    Once,

    /// <summary>Again only after having left.</summary>
    AfterExit,
}

/// <summary>How often a contact may enter through one trigger.</summary>
internal enum TriggerRuns
{
    Once,

    /// <summary>Each time it happens, at most ten times in 24 hours.</summary>
    Multiple,
}

internal enum RunStatus
{
    /// <summary>Has its step yet to do.</summary>
    Active,

    /// <summary>The step has said: wait.</summary>
    Waiting,

    /// <summary>Given up on until someone says "again".</summary>
    Parked,

    Completed,
    Ended,
}

// File modes and signals are tested, which only Unix has.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

namespace Ark.Core.Checks;

/// <summary>Every check there is, in the order of reports.</summary>
public static class CheckCatalog
{
    /// <summary>By group, in the order of <see cref="CheckGroup"/>; within a group as its file has them.</summary>
    public static readonly IReadOnlyList<Check> All =
    [
        .. AccessChecks.All, .. SystemChecks.All, .. HardwareChecks.All, .. ClockChecks.All, .. NameChecks.All, .. NetworkChecks.All, .. SubnetChecks.All, .. WayChecks.All,
        .. SecurityChecks.All, .. KernelChecks.All, .. LimitChecks.All, .. StorageChecks.All, .. SoftwareChecks.All, .. PortChecks.All, .. PlanChecks.All, .. DatabaseChecks.All, .. PeopleChecks.All,
    ];
}

public import Slipway

/// The stacks of this repository, in the order that `slipway stacks` lists them.
public enum AllStacks {
    public static let all: [StackDefinition] = [.tickitWarehouse, .lakehouse]
}

import Slipway

await Slipway.main(stacks: [.settings], kinds: AllKinds.all + [SSM.Parameter.self])
